#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/scan.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Finds the first line of a log that is not a sound record, is out of order, or is not the record
/// that was signed. For the last, lines are compared with the leaves in FILE.tree, if those lead to
/// the root of `sealed`. `first` is the `seq` that the segments begin with; after a gap at the
/// start of a file it continues with the `seq` there. Nothing if no single line can be named.
Result<std::optional<Problem>> first_change(std::span<const Segment> segments,
                                            const std::filesystem::path& tree,
                                            const std::optional<Checkpoint>& sealed,
                                            std::uint64_t first);

}  // namespace mcpauth::audit
