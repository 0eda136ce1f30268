#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/audit/log/segments.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Where the first line with this `seq` or a higher one starts; `segment.bytes` where there is
/// none. Looks at a few dozen lines, however long the file is, and relies on their order: whoever
/// needs that line checks its `seq`.
Result<std::uint64_t> offset_of_seq(const Segment& segment, std::uint64_t seq);

}  // namespace mcpauth::audit
