#include <algorithm>
#include <string_view>

#include "cli/frame/command.hpp"

namespace mcpauth::cli {

// Each is defined in the file of its command, src/cli/cmd_<noun>_<verb>.cpp.
extern const Command kMint;
extern const Command kVerify;
extern const Command kDecode;
extern const Command kKeygen;
extern const Command kKeysList;
extern const Command kKeysAdd;
extern const Command kKeysRotate;
extern const Command kKeysRetire;
extern const Command kKeysInspect;
extern const Command kKeysConvert;
extern const Command kJwksServe;
extern const Command kJwksFetch;
extern const Command kJwksLint;
extern const Command kJwksDiff;
extern const Command kRbacFmt;
extern const Command kRbacLock;
extern const Command kAuditTail;
extern const Command kRbacLint;
extern const Command kRbacTest;
extern const Command kRbacExplain;
extern const Command kRbacCan;
extern const Command kRbacWhoCan;
extern const Command kRbacDiff;
extern const Command kRbacGraph;
extern const Command kAuditVerify;
extern const Command kAuditCheckpoint;
extern const Command kAuditProof;
extern const Command kAuditRedact;
extern const Command kAuditStats;
extern const Command kAuditExport;
extern const Command kAuditReport;
extern const Command kConfigCheck;
extern const Command kConfigShow;
extern const Command kDevIdp;
extern const Command kDevToken;
extern const Command kCompletion;
extern const Command kDoctor;
extern const Command kVersion;
extern const Command kComplete;
extern const Command kGenerate;

namespace {

// clang-format off
constexpr const Command* kCommands[] = {
    &kMint,
    &kVerify,
    &kDecode,
    &kKeygen,
    &kKeysList,
    &kKeysAdd,
    &kKeysRotate,
    &kKeysRetire,
    &kKeysInspect,
    &kKeysConvert,
    &kJwksServe,
    &kJwksFetch,
    &kJwksLint,
    &kJwksDiff,
    &kRbacLint,
    &kRbacFmt,
    &kRbacTest,
    &kRbacExplain,
    &kRbacCan,
    &kRbacWhoCan,
    &kRbacDiff,
    &kRbacGraph,
    &kRbacLock,
    &kAuditTail,
    &kAuditVerify,
    &kAuditCheckpoint,
    &kAuditProof,
    &kAuditRedact,
    &kAuditStats,
    &kAuditExport,
    &kAuditReport,
    &kConfigCheck,
    &kConfigShow,
    &kDevIdp,
    &kDevToken,
    &kDoctor,
    &kCompletion,
    &kVersion,
    &kComplete,
    &kGenerate,
};
// clang-format on

constexpr Noun kNouns[] = {
    {"keys", "keep the signing keys: next, active and retired"},
    {"jwks", "publish, fetch and judge key sets"},
    {"rbac", "work on the policy: lint, test, explain, compare"},
    {"audit", "read, prove and verify the audit log"},
    {"config", "look at the configuration"},
    {"dev", "try things out without a company's identity provider"},
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
