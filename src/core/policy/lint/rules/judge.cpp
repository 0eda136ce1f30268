#include "core/policy/lint/rules/judge.hpp"

#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

/// See effective_of: some seconds, and 200 MB.
constexpr std::size_t kMostWork = 200'000'000;

void check_all(const Subject& subject, Findings& findings) {
  Context context(subject);
  for (const auto& family : families())
    check(family, context, findings);
}

}  // namespace

void judge(const policy::Reading& reading, const Inputs& inputs, Findings& findings) {
  Subject subject{.reading = reading, .inputs = inputs};
  if (!reading.faults.empty()) {
    check_all(subject, findings);
    findings.not_judged("the policy cannot be used as it is, so only names and shapes were judged");
    return;
  }
  const policy::Engine engine(reading.policy);
  const policy::Policy* const one = &reading.policy;
  const auto universe = analysis::universe_of({&one, 1});
  const bool too_many = analysis::most_members({&one, 1}) > analysis::kMostMembers;
  const auto effective = analysis::effective_of(
      engine, too_many ? std::vector<analysis::Member>() : analysis::members_of({&one, 1}),
      universe.scopes, inputs.now, kMostWork);
  if (too_many || !effective.is_complete) {
    check_all(subject, findings);
    findings.not_judged(
        "what each group may do is more than can be worked out here, so only "
        "names and shapes were judged");
    return;
  }
  subject.engine = &engine;
  subject.universe = &universe;
  subject.effective = &effective;
  check_all(subject, findings);
}

}  // namespace mcpauth::policy::lint
