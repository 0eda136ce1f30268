#include "core/policy/test/coverage.hpp"

#include "core/policy/analysis/witness_scopes.hpp"

namespace mcpauth::policy::test {

void Coverage::add(const analysis::Question& question, const policy::Decision& decision,
                   Instant now) {
  for (const auto& held : engine_->roles(question.principal, now))
    roles_.insert(held.role);
  if (decision.tool != nullptr) tools_.insert(decision.tool);
  for (const auto& evidence : decision.evidence) {
    if (evidence.denied) denies_.insert(evidence.pattern);
  }
  if (!question.is_tool) {
    scopes_.insert(question.asked);
    return;
  }
  for (auto& scope : engine_->needs(question.asked).value_or(std::vector<std::string>()))
    scopes_.insert(std::move(scope));
}

std::vector<Coverage::Part> Coverage::parts() const {
  std::vector<Part> out{
      {.what = "roles"}, {.what = "scopes"}, {.what = "tools"}, {.what = "denies"}};
  const auto count = [](Part& part, bool is_covered, const std::string& name) {
    ++part.total;
    part.covered += is_covered ? 1 : 0;
    if (!is_covered) part.missing.push_back(name);
  };
  const auto& policy = engine_->policy();
  for (const auto& role : policy.roles) {
    count(out[0], roles_.contains(&role), role.name.value);
    for (const auto& deny : role.deny)
      count(out[3], denies_.contains(&deny), deny.value + " of role " + role.name.value);
  }
  for (const auto& scope : analysis::named_scopes(policy))
    count(out[1], scopes_.contains(scope), scope);
  for (const auto& tool : policy.tools)
    count(out[2], tools_.contains(&tool), tool.pattern.value);
  return out;
}

unsigned percent(std::size_t covered, std::size_t total) {
  return total == 0 ? 100 : static_cast<unsigned>(covered * 100 / total);
}

}  // namespace mcpauth::policy::test
