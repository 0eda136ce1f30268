#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"

namespace mcpauth::cli {

/// Runs a command whose arguments are parsed.
using Action = std::function<Result<Exit>(Env&)>;

/// One subcommand. Parsing, help, man page and completions all come from `bind` and these texts.
struct Command {
  std::string_view path;         ///< the words after `mcpauth`, as in "keys rotate"
  std::string_view summary;      ///< one line, no period
  std::string_view description;  ///< a paragraph or two; a blank line between
  std::span<const Example> examples;
  std::string_view exits;      ///< the exit statuses it uses, as in "0 1 2 3"
  Action (*bind)(Spec& spec);  ///< declares flags and arguments, returns what to run

  std::string_view noun() const { return path.substr(0, path.find(' ')); }
  /// For our own scripts: left out of help, man pages and completions.
  bool is_hidden() const { return path.starts_with("__"); }
};

}  // namespace mcpauth::cli
