#include "core/lint/high_risk.hpp"

#include <algorithm>
#include <map>

namespace mcpauth::lint {
namespace {

using analysis::Effective;

/// Why each scope of high risk is one, by its position in the universe.
std::map<std::size_t, std::string> dangerous(const Subject& subject) {
  const auto& scopes = subject.effective->scopes;
  std::map<std::size_t, std::string> out;
  const auto add = [&](std::string_view scope, const std::string& why) {
    const auto found = std::ranges::lower_bound(scopes, scope);
    if (found != scopes.end() && *found == scope)
      out.try_emplace(static_cast<std::size_t>(found - scopes.begin()), why);
  };
  for (const auto& scope : subject.policy().scopes) {
    if (scope.risk == policy::Risk::high) add(scope.name.value, "risk high");
  }
  if (!subject.inputs.tools) return out;
  for (const auto& tool : *subject.inputs.tools) {
    if (!tool.is_destructive) continue;
    for (const auto& need : subject.engine->needs(tool.name).value_or(std::vector<std::string>{}))
      add(need, "`" + tool.name + "` destroys");
  }
  return out;
}

}  // namespace

HighRisks high_risks_of(const Subject& subject) {
  constexpr std::size_t kMostQuestions = 5'000;
  constexpr std::size_t kMostLooks = 50'000'000;
  HighRisks out;
  if (subject.engine == nullptr || subject.effective == nullptr) return out;
  const auto scopes = dangerous(subject);
  std::size_t questions = 0;
  std::size_t looks = 0;
  for (const auto& kind : subject.effective->kinds) {
    const auto principal = analysis::principal_of(subject.effective->members[kind.members.front()]);
    for (const auto& [position, why] : scopes) {
      out.is_complete = ++looks < kMostLooks && questions < kMostQuestions;
      if (!out.is_complete) return out;
      if (kind.standing[position] != policy::Standing::allowed) continue;
      ++questions;
      const auto& scope = subject.effective->scopes[position];
      const auto decision = subject.engine->scopes(principal, {scope}, subject.inputs.now);
      for (const auto& evidence : decision.evidence)
        out.list.push_back({scope, why, evidence.role, evidence.grant, decision.ttl});
    }
  }
  return out;
}

}  // namespace mcpauth::lint
