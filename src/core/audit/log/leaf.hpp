#pragma once

#include <optional>
#include <string_view>

#include "core/audit/log/line.hpp"
#include "core/audit/log/merkle.hpp"

namespace mcpauth::audit {

/// The leaf that a redacted record had before, which stays in the tree. Nothing for other records.
std::optional<Hash> original_leaf(const LineView& record);

/// The leaf of a line in the tree: the original one for a redacted record, the hash of the bytes
/// for every other line.
Hash leaf_of(std::string_view line, TreeHasher& hasher);

}  // namespace mcpauth::audit
