#include "core/token/tool_check.hpp"

#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::token {
namespace {

using jose::Check;
using jose::Outcome;

bool has_role(const json::Value& claims) {
  const auto* roles = claims.find("roles");
  return roles != nullptr && roles->array() != nullptr && !roles->array()->empty();
}

Check fail(std::string_view why, std::string detail) {
  return {.name = "policy", .outcome = Outcome::fail, .reason = why, .detail = std::move(detail)};
}

Check judge(const json::Value& claims, const policy::Engine& engine, std::string_view tool) {
  const std::string quoted = "`" + std::string(tool) + "`";
  const auto needs = engine.needs(tool);
  if (!needs) return fail(reason::kUnknownTool, "no entry of [tools] matches " + quoted);
  if (needs->empty() && !has_role(claims)) {
    return fail(reason::kNoRole, quoted + " is open to role holders and the token has no role");
  }
  const auto* claim = claims.find("scope");
  const std::string_view scope = claim != nullptr && claim->string() != nullptr
                                     ? std::string_view(*claim->string())
                                     : std::string_view();
  const auto held = text::split(scope, ' ');
  std::string missing;
  for (const auto& need : *needs) {
    if (std::ranges::find(held, need) != held.end()) continue;
    missing += (missing.empty() ? "`" : ", `") + need + "`";
  }
  if (!missing.empty()) return fail(reason::kMissingScope, quoted + " needs " + missing);
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
