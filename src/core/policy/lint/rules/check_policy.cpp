#include "core/policy/lint/rules/check_policy.hpp"

#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

/// See effective_of: a few seconds and 200 MB at most.
constexpr std::size_t kMostWork = 200'000'000;

void check_all(const Subject& subject, Findings& findings) {
  Context context(subject);
  for (const auto& family : families())
    check(family, context, findings);
}

}  // namespace

void check_policy(const policy::Reading& reading, const Inputs& inputs, Findings& findings) {
  Subject subject{.reading = reading, .inputs = inputs};
  if (!reading.faults.empty()) {
    check_all(subject, findings);
    findings.not_judged("the policy cannot be used as it is, so only names and shapes were judged");
    return;
  }
  const policy::Engine engine(reading.policy);
  const policy::Policy* const one = &reading.policy;
  const auto witnesses = analysis::witness_scopes({&one, 1});
  const bool too_many = analysis::most_org_groups({&one, 1}) > analysis::kMostOrgGroups;
  const auto effective = analysis::effective_of(
      engine, too_many ? std::vector<analysis::OrgGroup>() : analysis::org_groups_of({&one, 1}),
      witnesses.scopes, inputs.now, kMostWork);
  if (too_many || !effective.is_complete) {
    check_all(subject, findings);
    findings.not_judged(
        "what each group may do is more than can be worked out here, so only "
        "names and shapes were judged");
    return;
  }
  subject.engine = &engine;
  subject.witness_scopes = &witnesses;
  subject.effective = &effective;
  check_all(subject, findings);
}

}  // namespace mcpauth::policy::lint
