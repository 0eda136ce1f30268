#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/command.hpp"

namespace mcpauth::cli {

/// What the leading words of a command line ask for.
struct Invocation {
  const Command* command = nullptr;    ///< null when none is named, see `noun`
  std::string_view noun = {};          ///< a noun without a verb; empty when there is none
  bool help = false;                   ///< -h, --help, or `help` as the first word
  bool version = false;                ///< --version
  std::vector<std::string> rest = {};  ///< everything but the words of the command, in order
};

/// Finds the command by its words. Only global flags may come before or between them. An unknown
/// word is Errc::usage, and the message suggests the nearest known one.
Result<Invocation> find_invocation(std::span<const std::string_view> args, const Spec& globals);

}  // namespace mcpauth::cli
