#pragma once

#include <span>
#include <string_view>

#include "cli/frame/command.hpp"

// The table of commands. It is in src/cli/commands.cpp, because it names the commands of every
// noun.
namespace mcpauth::cli {

/// A first word that has verbs after it.
struct Noun {
  std::string_view name;
  std::string_view summary;  ///< one line, no period
};

/// All commands, in the order of the help text.
std::span<const Command* const> commands();
/// All nouns, in the order of the help text.
std::span<const Noun> nouns();

/// The command with exactly this path, or null.
const Command* command_at(std::string_view path);

}  // namespace mcpauth::cli
