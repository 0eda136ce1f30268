#include "core/policy/lint/rules/high_risk.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace mcpauth::policy::lint {
namespace {

using analysis::Effective;

/// Scopes by their positions in the universe: whoever holds all of `needs` can do harm through
/// those of them that are `told`.
struct Danger {
  std::vector<std::size_t> needs;
  std::vector<std::size_t> told;
  std::string why;
};

class Dangers {
 public:
  explicit Dangers(const Subject& subject) : subject_(subject) {
    for (const auto& scope : subject.policy().scopes) {
      risks_.emplace(scope.name.value, scope.risk);
      const auto at = position(scope.name.value);
      if (scope.risk == policy::Risk::high && at) list_.push_back({{*at}, {*at}, "risk high"});
    }
    if (!subject.inputs.tools) return;
    for (const auto& tool : *subject.inputs.tools) {
      if (tool.is_destructive) add(tool.name);
    }
  }

  std::vector<Danger> take() { return std::move(list_); }

 private:
  std::optional<std::size_t> position(std::string_view scope) const {
    const auto& scopes = subject_.effective->scopes;
    const auto found = std::ranges::lower_bound(scopes, scope);
    if (found == scopes.end() || *found != scope) return std::nullopt;
    return static_cast<std::size_t>(found - scopes.begin());
  }

  policy::Risk risk_of(std::string_view scope) const {
    const auto found = risks_.find(scope);
    return found == risks_.end() ? policy::Risk::medium : found->second;
  }

  /// Of what a tool needs, the scopes of the highest risk let it be called; the rest is for
  /// reading. Where that is high the scopes are told already, and low is what somebody says on
  /// purpose.
  void add(std::string_view tool) {
    const auto needs = subject_.engine->needs(tool).value_or(std::vector<std::string>{});
    auto highest = policy::Risk::low;
    for (const auto& need : needs)
      highest = std::max(highest, risk_of(need));
    if (highest != policy::Risk::medium) return;
    Danger danger{.needs = {}, .told = {}, .why = "`" + std::string(tool) + "` destroys"};
    for (const auto& need : needs) {
      const auto at = position(need);
      if (!at) return;
      danger.needs.push_back(*at);
      if (risk_of(need) == highest) danger.told.push_back(*at);
    }
    list_.push_back(std::move(danger));
  }

  const Subject& subject_;
  std::unordered_map<std::string_view, policy::Risk> risks_;
  std::vector<Danger> list_;
};

}  // namespace

HighRisks high_risks_of(const Subject& subject) {
  constexpr std::size_t kMostQuestions = 5'000;
  constexpr std::size_t kMostLooks = 50'000'000;
  HighRisks out;
  if (subject.engine == nullptr || subject.effective == nullptr) return out;
  const auto dangers = Dangers(subject).take();
  std::size_t questions = 0;
  std::size_t looks = 0;
  for (const auto& kind : subject.effective->classes) {
    const auto principal = analysis::principal_of(subject.effective->groups[kind.groups.front()]);
    std::set<std::size_t> asked;
    for (const auto& danger : dangers) {
      looks += danger.needs.size();
      out.is_complete = looks < kMostLooks && questions < kMostQuestions;
      if (!out.is_complete) return out;
      const bool is_held = std::ranges::all_of(danger.needs, [&](std::size_t at) {
        return kind.standing[at] == policy::Standing::allowed;
      });
      if (!is_held) continue;
      for (const auto at : danger.told) {
        if (!asked.insert(at).second) continue;
        ++questions;
        const auto& scope = subject.effective->scopes[at];
        const auto decision = subject.engine->scopes(principal, {scope}, subject.inputs.now);
        for (const auto& evidence : decision.evidence)
          out.list.push_back({scope, danger.why, evidence.role, evidence.grant, decision.ttl});
      }
    }
  }
  return out;
}

}  // namespace mcpauth::policy::lint
