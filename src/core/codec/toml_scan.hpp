#pragma once

#include <optional>
#include <string_view>

#include "core/base/error.hpp"
#include "core/codec/toml.hpp"

namespace mcpauth::toml {

/// Everything the library must never be shown, found in one pass over the bytes: invalid UTF-8,
/// control characters, non-ASCII outside strings and comments, open strings and brackets, names
/// with odd characters, and more nesting, values or dotted names than `limits` allows.
std::optional<Problem> scan(std::string_view text, std::string_view file, const Limits& limits);

}  // namespace mcpauth::toml
