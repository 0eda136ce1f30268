#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/references/unlisted.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUndefinedTool{
    .name = "undefined-tool",
    .code = "RB103",
    .severity = Severity::error,
    .fix = FixKind::unsafe,
    .audience = Audience::with_input,
    .since = "0.1.0",
    .summary = "A tool of [tools] that its server does not list",
    .rationale =
        "An exact name in [tools] comes before every pattern. If it is misspelt, it protects "
        "nothing, and a pattern decides about the real tool, perhaps a wider one. Checked only "
        "with `--tools`: for the servers in that catalogue, and for servers whose names are "
        "close to one of those.",
    .bad = R"(version = 1
[tools]
"hr/get_employe" = ["hr:read"]
#<
[roles.hr]
scopes = ["hr:read"]
)",
    .good = R"(version = 1
[tools]
"hr/get_employee" = ["hr:read"]
"payments/create" = ["payments:create"]
[roles.hr]
scopes = ["hr:read"]
)"};

constexpr const Rule* kRules[] = {&kUndefinedTool};

void check(Context& context, Findings& findings) {
  if (!context.inputs().tools) return;
  std::vector<std::string_view> names;
  for (const auto& tool : *context.inputs().tools)
    names.push_back(tool.name);
  KnownNames known(names, '/');
  std::unordered_map<std::string, bool> near_servers;
  for (const auto& tool : context.policy().tools) {
    const auto& pattern = tool.pattern;
    if (!policy::is_tool(pattern.value) || pattern.value.find('*') != std::string::npos) continue;
    if (known.contains(pattern.value)) continue;
    if (!known.has_head_of(pattern.value)) {
      constexpr std::size_t kMostServers = 1000;
      const auto server = pattern.value.substr(0, pattern.value.find('/'));
      if (near_servers.size() >= kMostServers && !near_servers.contains(server)) continue;
      const auto [found, is_new] = near_servers.try_emplace(server, false);
      if (is_new) found->second = known.has_head_near(pattern.value);
      if (!found->second) continue;
    }
    report_unlisted(
        {.rule = kUndefinedTool,
         .text = pattern,
         .message = text::format("tool `{}` is not listed by its server", pattern.value),
         .path = text::format("tools[{}]", json::quote(pattern.value)),
         .otherwise = "take it out, or give the server's present list with --tools"},
        known, findings);
  }
}

}  // namespace

RuleGroup undefined_tool() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
