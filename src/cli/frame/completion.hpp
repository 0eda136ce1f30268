#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/command.hpp"

namespace mcpauth::cli {

/// A command with its flags and arguments, bound once for everything that is generated from it.
struct Bound {
  const Command* command = nullptr;
  Spec spec = {};
};

/// Every command that people see.
std::vector<Bound> bound_commands();

/// The words that may follow `noun`, or the first words when it is empty, with their summaries.
struct Word {
  std::string_view word;
  std::string_view summary;
};
std::vector<Word> words_below(std::string_view noun);

/// What the scripts call a kind of value: "file", "directory", "role", ... ; "choice" needs the
/// list and is empty where nothing can be offered.
std::string_view kind_of(const Option& option);
/// The values an option offers: its choices, or the algorithms.
std::vector<std::string> offered(const Option& option);

/// What the scripts of bash and zsh share, both being shells of one family.
/// In single quotes, as one word of theirs.
std::string in_quotes(std::string_view text);
/// "_mcpauth_value choice 'a' 'b'": offers the values of an option.
std::string offer(const Option& option);
/// A branch of `case "$at|$prev"` for each flag with a value; `at` empty for the global flags.
std::string value_cases(const Spec& spec, std::string_view at);
/// The patterns of a `case` for all paths, and for all global flags that take the next word.
std::string command_patterns();
std::string valued_flag_patterns(const Spec& globals);

/// The whole script for one shell.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace mcpauth::cli
