#pragma once

#include <optional>
#include <string_view>

#include "core/audit/log/line.hpp"
#include "core/audit/log/merkle.hpp"

namespace mcpauth::audit {

/// The leaf that a redacted record had before: it stays in the tree. Nothing for other records.
std::optional<Hash> original_leaf(const LineView& record);

/// The leaf of a line as the tree has it: of a redacted record the original one, of every other
/// line the hash of its bytes.
Hash leaf_of(std::string_view line, TreeHasher& hasher);

}  // namespace mcpauth::audit
