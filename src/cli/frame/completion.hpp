#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/command.hpp"

namespace mcpauth::cli {

/// A command with its flags and arguments, for what is generated from them.
struct Bound {
  const Command* command = nullptr;
  Spec spec = {};
};

/// Every command that is not hidden.
std::vector<Bound> bound_commands();

/// The words that may follow `noun`, or the first words when it is empty, with their summaries.
struct Word {
  std::string_view word;
  std::string_view summary;
};
std::vector<Word> words_below(std::string_view noun);

/// The name that the scripts have for what an option completes: "file", "directory", "role", ... or
/// "choice", for which `offered` has the values. Empty when nothing can be offered.
std::string_view kind_of(const Option& option);
/// The values an option offers: its choices, or the algorithms.
std::vector<std::string> offered(const Option& option);

// The scripts of bash and zsh share the following.

/// The text in single quotes, as one word of the shell.
std::string in_quotes(std::string_view text);
/// "_mcpauth_value choice 'a' 'b'": offers the values of an option.
std::string offer(const Option& option);
/// A branch of `case "$at|$prev"` for each flag with a value. `at` is empty for the global flags.
std::string value_cases(const Spec& spec, std::string_view at);
/// The patterns of a `case` for the paths of all commands, and for the global flags with a value.
std::string command_patterns();
std::string valued_flag_patterns(const Spec& globals);

/// The whole script for one shell. Each is in a file of its own, completion_<shell>.cpp.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace mcpauth::cli
