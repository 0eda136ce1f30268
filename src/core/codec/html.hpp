#pragma once

#include <string>
#include <string_view>

namespace mcpauth::html {

/// Text from a stranger as text of an HTML page or XML document, in an element or in a quoted
/// attribute: what would be markup is escaped, and what nobody would see, or XML cannot hold, is
/// shown (text::printable).
std::string escaped(std::string_view from_outside);

}  // namespace mcpauth::html
