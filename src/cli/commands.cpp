#include <algorithm>
#include <string_view>

#include "cli/command.hpp"

namespace mcpauth::cli {

// Each is defined in the file of its command, src/cli/cmd_<noun>_<verb>.cpp.
extern const Command kVersion;

namespace {

constexpr const Command* kCommands[] = {
    &kVersion,
};

constexpr Noun kNouns[] = {
    {"keys", "keep the signing keys: next, active and retired"},
};

}  // namespace

std::span<const Command* const> commands() {
  return kCommands;
}

std::span<const Noun> nouns() {
  return kNouns;
}

const Command* command_at(std::string_view path) {
  const auto* const* found = std::ranges::find(kCommands, path, &Command::path);
  return found == std::end(kCommands) ? nullptr : *found;
}

}  // namespace mcpauth::cli
