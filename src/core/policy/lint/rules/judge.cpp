#include "core/policy/lint/rules/judge.hpp"

#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

/// See effective_of: some seconds, and 200 MB.
constexpr std::size_t kMostWork = 200'000'000;

void run_families(const Subject& subject, Findings& findings) {
  check_shape(subject, findings);
  check_references(subject, findings);
  check_privilege(subject, findings);
  check_reach(subject, findings);
  check_orgs(subject, findings);
  check_time(subject, findings);
  check_names(subject, findings);
  check_hygiene(subject, findings);
}

}  // namespace

void judge(const policy::Reading& reading, const Inputs& inputs, Findings& findings) {
  Subject subject{.reading = reading, .inputs = inputs};
  if (!reading.faults.empty()) {
    run_families(subject, findings);
    findings.not_judged({},
                        "the policy cannot be used as it is, so only names and shapes were judged");
    return;
  }
  const policy::Engine engine(reading.policy);
  const policy::Policy* const one = &reading.policy;
  const auto universe = analysis::witness_scopes({&one, 1});
  const bool too_many = analysis::most_org_groups({&one, 1}) > analysis::kMostOrgGroups;
  const auto effective = analysis::effective_of(
      engine, too_many ? std::vector<analysis::OrgGroup>() : analysis::org_groups_of({&one, 1}),
      universe.scopes, inputs.now, kMostWork);
  if (too_many || !effective.is_complete) {
    run_families(subject, findings);
    findings.not_judged({},
                        "what each group may do is more than can be worked out here, so only "
                        "names and shapes were judged");
    return;
  }
  subject.engine = &engine;
  subject.universe = &universe;
  subject.effective = &effective;
  run_families(subject, findings);
}

}  // namespace mcpauth::policy::lint
