#pragma once

#include <string>
#include <string_view>

#include "cli/frame/command.hpp"

namespace mcpauth::cli {

// Headings are bold with `color`.

/// The page of one command.
std::string help_page(const Command& command, bool color);
/// The list of the commands of a noun.
std::string noun_page(std::string_view noun, bool color);
/// The page of `mcpauth --help`.
std::string overview_page(bool color);

/// The help of an option, with its choices, default and variable in brackets. Also for man pages.
std::string describe(const Option& option);

}  // namespace mcpauth::cli
