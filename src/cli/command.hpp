#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "cli/env.hpp"
#include "cli/spec.hpp"

namespace mcpauth::cli {

/// What a bound command does once its arguments are parsed.
using Action = std::function<Result<Exit>(Env&)>;

/// One subcommand. Parsing, help, man page and completions all come from `bind` and these texts.
struct Command {
  std::string_view path;         ///< words below `mcpauth`, as in "keys rotate"
  std::string_view summary;      ///< one line, no period
  std::string_view description;  ///< a paragraph or two for help and man page
  std::span<const Example> examples;
  std::string_view exits;        ///< the exit statuses it uses, as in "0 1 2 3"
  Action (*bind)(Spec& spec);    ///< declares flags and arguments, returns what to run
};

/// The one list of commands, in the order of the help text (commands.cpp).
std::span<const Command> commands();

/// Parses the arguments, runs one command and reports its error. Never throws.
int run(std::span<const char* const> args, Env& env) noexcept;

}  // namespace mcpauth::cli
