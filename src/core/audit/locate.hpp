#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "core/audit/checkpoint.hpp"
#include "core/audit/scan.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The first line that is not the record that was signed, found with the hashes of FILE.tree; nothing
/// where the tree does not come to `sealed` itself and so cannot tell. `first` is the `seq` that the
/// segments begin with.
Result<std::optional<Problem>> first_change(std::span<const Segment> segments,
                                            const std::filesystem::path& tree,
                                            const Checkpoint& sealed, std::uint64_t first);

}  // namespace mcpauth::audit
