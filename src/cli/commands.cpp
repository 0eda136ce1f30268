#include "cli/frame/commands.hpp"

#include <algorithm>
#include <string_view>

namespace mcpauth::cli {

// The commands in the order of the help text. Each is defined in a file of its own,
// cmd_<command>.cpp in one of the folders; a new one is added here and in CMakeLists.txt.
// clang-format off
#define MCPAUTH_COMMANDS(COMMAND) \
  COMMAND(kMint) \
  COMMAND(kVerify) \
  COMMAND(kDecode) \
  COMMAND(kKeygen) \
  COMMAND(kKeysList) \
  COMMAND(kKeysAdd) \
  COMMAND(kKeysRotate) \
  COMMAND(kKeysRetire) \
  COMMAND(kKeysInspect) \
  COMMAND(kKeysConvert) \
  COMMAND(kJwksServe) \
  COMMAND(kJwksFetch) \
  COMMAND(kJwksLint) \
  COMMAND(kJwksDiff) \
  COMMAND(kRbacLint) \
  COMMAND(kRbacFmt) \
  COMMAND(kRbacTest) \
  COMMAND(kRbacExplain) \
  COMMAND(kRbacCan) \
  COMMAND(kRbacWhoCan) \
  COMMAND(kRbacDiff) \
  COMMAND(kRbacGraph) \
  COMMAND(kRbacLock) \
  COMMAND(kAuditTail) \
  COMMAND(kAuditVerify) \
  COMMAND(kAuditCheckpoint) \
  COMMAND(kAuditProof) \
  COMMAND(kAuditRedact) \
  COMMAND(kAuditStats) \
  COMMAND(kAuditExport) \
  COMMAND(kAuditReport) \
  COMMAND(kConfigCheck) \
  COMMAND(kConfigShow) \
  COMMAND(kDevIdp) \
  COMMAND(kDevToken) \
  COMMAND(kDoctor) \
  COMMAND(kCompletion) \
  COMMAND(kVersion) \
  COMMAND(kComplete) \
  COMMAND(kGenerate)
// clang-format on

#define DECLARE(name) extern const Command name;
MCPAUTH_COMMANDS(DECLARE)
#undef DECLARE

namespace {

#define ADDRESS(name) &(name),
constexpr const Command* kCommands[] = {MCPAUTH_COMMANDS(ADDRESS)};
#undef ADDRESS

constexpr Noun kNouns[] = {
    {"keys", "manage the signing keys: next, active and retired"},
    {"jwks", "publish, fetch and check key sets"},
    {"rbac", "work on the policy: lint, test, explain, compare"},
    {"audit", "read, prove and verify the audit log"},
    {"config", "check and show the configuration"},
    {"dev", "try things out without the company's identity provider"},
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
