#pragma once

#include <optional>
#include <string_view>

#include "core/base/error.hpp"
#include "core/codec/toml.hpp"

namespace mcpauth::toml {

// Why this exists: toml++ 3.3 misbehaves on some invalid input. It has undefined behaviour on a
// non-ASCII character where white space is expected (upstream issues 190 and 295), fails an
// assertion on `[$`, and reads on when a string follows a bare value. The scan refuses such input
// before the library sees it, and the fuzz target `toml` checks that. It can be removed once toml++
// is fixed, except for the limits.

/// Finds, in one pass over the bytes, what the library must not see: invalid UTF-8, control
/// characters, non-ASCII outside strings and comments, open strings and brackets, names with
/// characters that need quotes, and more nesting, values or dotted names than `limits` allows.
std::optional<Problem> scan(std::string_view text, std::string_view file, const Limits& limits);

}  // namespace mcpauth::toml
