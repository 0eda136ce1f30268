#include <algorithm>
#include <string_view>

#include "cli/command.hpp"

namespace mcpauth::cli {

// Each is defined in the file of its command, src/cli/cmd_<noun>_<verb>.cpp.
extern const Command kConfigCheck;
extern const Command kConfigShow;
extern const Command kDevIdp;
extern const Command kDevToken;
extern const Command kJwksServe;
extern const Command kVersion;

namespace {

constexpr const Command* kCommands[] = {
    &kConfigCheck,
    &kConfigShow,
    &kDevIdp,
    &kDevToken,
    &kJwksServe,
    &kVersion,
};

constexpr Noun kNouns[] = {
    {"config", "look at the configuration"},
    {"dev", "try things out without a company's identity provider"},
    {"jwks", "publish and inspect key sets"},
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
