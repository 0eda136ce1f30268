#include "core/token/tool_check.hpp"

#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::token {
namespace {

using jose::Check;
using jose::Outcome;

/// Whether the token has a role that the policy knows.
bool has_role(const json::Value& claims, const policy::Policy& policy) {
  const auto* roles = claims.find("roles");
  if (roles == nullptr || roles->array() == nullptr) return false;
  return std::ranges::any_of(*roles->array(), [&](const json::Value& role) {
    return role.string() != nullptr &&
           std::ranges::any_of(policy.roles, [&](const policy::Role& known) {
             return known.name.value == *role.string();
           });
  });
}

Check fail(std::string_view why, std::string detail) {
  return {.name = "policy", .outcome = Outcome::fail, .reason = why, .detail = std::move(detail)};
}

Check judge(const json::Value& claims, const policy::Engine& engine, std::string_view tool) {
  const std::string quoted = text::quoted(tool);
  const auto needs = engine.needs(tool);
  if (!needs) return fail(reason::kUnknownTool, "no entry of [tools] matches " + quoted);
  if (needs->empty() && !has_role(claims, engine.policy())) {
    return fail(reason::kNoRole,
                quoted + " is open to role holders and the token has no role of the policy");
  }
  const auto held = jose::scopes_of(claims).value_or(std::vector<std::string_view>());
  std::vector<std::string> missing;
  for (const auto& need : *needs) {
    if (std::ranges::find(held, need) == held.end()) missing.push_back(text::quoted(need));
  }
  if (!missing.empty()) {
    return fail(reason::kMissingScope, quoted + " needs " + text::join(missing, ", "));
  }
  return {.name = "policy", .outcome = Outcome::pass, .detail = quoted};
}

}  // namespace

void check_tool(jose::Report& report, const policy::Engine& engine, std::string_view tool) {
  if (report.verdict != jose::Verdict::valid) {
    report.checks.push_back(
        {.name = "policy", .outcome = Outcome::skip, .detail = "the token is not valid"});
    return;
  }
  report.checks.push_back(judge(report.claims, engine, tool));
  if (report.checks.back().outcome == Outcome::pass) return;
  report.verdict = jose::Verdict::invalid;
  report.claims = nullptr;
}

}  // namespace mcpauth::token
