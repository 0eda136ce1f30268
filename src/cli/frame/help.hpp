#pragma once

#include <string>
#include <string_view>

#include "cli/frame/command.hpp"

namespace mcpauth::cli {

/// Where a page goes: headings are bold on a terminal.
enum class Style { plain, terminal };

/// The page of one command.
std::string help_page(const Command& command, Style style);
/// The list of the commands below a noun.
std::string noun_page(std::string_view noun, Style style);
/// What `mcpauth --help` says.
std::string overview_page(Style style);

/// "[FLAGS] --audience URL TOKEN": what stands behind the command's words. Also for man pages.
std::string usage_of(const Spec& spec);
/// The help of an option with its default, choices and variable in brackets. Also for man pages.
std::string describe(const Option& option);

}  // namespace mcpauth::cli
