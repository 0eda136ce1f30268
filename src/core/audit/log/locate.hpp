#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/scan.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Goes over a log line by line for the first that is no sound record, is out of order, or is not
/// the one that was signed. The last shows by the hashes of FILE.tree, where those come to `sealed`
/// themselves. `first` is the `seq` that the segments begin with; behind a gap at the start of a
/// file it goes on by the numbers there. Nothing where no single line can be named.
Result<std::optional<Problem>> first_change(std::span<const Segment> segments,
                                            const std::filesystem::path& tree,
                                            const std::optional<Checkpoint>& sealed,
                                            std::uint64_t first);

}  // namespace mcpauth::audit
