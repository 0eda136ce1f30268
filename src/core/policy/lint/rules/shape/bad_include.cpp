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
        "An include names a file relative to the file that includes it, in or below the folder "
        "of the first file. Paths and symbolic links that lead out of that folder, missing "
        "files, folders and circular includes are refused. So only those who can write to that "
        "folder can change the policy.",
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
