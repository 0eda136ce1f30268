#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/command.hpp"

namespace mcpauth::cli {

/// What the leading words of a command line ask for.
struct Invocation {
  const Command* command = nullptr;    ///< null: none is named, see `noun`
  std::string_view noun = {};          ///< a noun that stands alone; empty: nothing at all
  bool help = false;                   ///< -h, --help, or `help` as the first word
  bool version = false;                ///< --version
  std::vector<std::string> rest = {};  ///< everything but the command's own words, in order
};

/// Finds the command by its words, which only global flags may precede or part. An unknown word is
/// Errc::usage and names the nearest.
Result<Invocation> find_invocation(std::span<const std::string_view> args, const Spec& globals);

}  // namespace mcpauth::cli
