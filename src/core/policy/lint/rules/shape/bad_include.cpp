#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kBadInclude{
    .name = policy::rule::kBadInclude,
    .code = "RB007",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A file that cannot be included",
    .rationale =
        "An include names a file relative to the one that includes it, below the folder of "
        "the first file. Ways out of it, links that lead out, missing files, folders and "
        "circles are refused: who may write a policy is who may write that folder.",
    .bad = R"(version = 1
include = [
  "../common/rbac.toml",
# ^
  "missing.toml",
# ^
]
)",
    .good = R"(version = 1
include = ["base.toml"]
)"};

constexpr const Rule* kRules[] = {&kBadInclude};

}  // namespace

RuleGroup bad_include() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
