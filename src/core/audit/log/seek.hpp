#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/audit/log/segments.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The offset of the first line with this `seq` or a higher one; `segment.bytes` if there is none.
/// A binary search: it reads a few dozen lines and relies on their order, so the caller must check
/// the `seq` of the line.
Result<std::uint64_t> offset_of_seq(const Segment& segment, std::uint64_t seq);

}  // namespace mcpauth::audit
