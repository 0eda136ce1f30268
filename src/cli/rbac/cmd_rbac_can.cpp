#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/principals.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/policy/analysis/answer.hpp"
#include "core/policy/analysis/who_can.hpp"

namespace mcpauth::cli {
namespace {

using text::Style;
using text::styled;
struct Options {
  PrincipalOptions who;
  std::string policy;
  bool all = false;
};

std::string shown(const policy::analysis::Item& tool) {
  return text::printable(tool.pattern.empty() ? tool.name : tool.pattern);
}

void print_tools(const policy::analysis::Powers& powers, bool all, Env& env) {
  env.out << styled("tools", Style::bold, env.color_out) << '\n';
  std::size_t denied = 0;
  for (const auto& power : powers.tools) {
    denied += power.is_allowed ? 0 : 1;
    if (!power.is_allowed && !all) continue;
    env.out << "  "
            << (power.is_allowed ? styled("yes ", Style::green, env.color_out)
                                 : styled("no  ", Style::bold_red, env.color_out))
            << shown(power.tool);
    if (power.is_allowed && power.needs.empty()) {
      env.out << "  open to everybody who holds a role";
    } else {
      env.out << "  needs " << text::printable(text::some_of(power.needs, text::kAll));
    }
    if (!power.is_allowed) env.out << "  (" << power.reason << ")";
    env.out << '\n';
  }
  if (denied > 0 && !all) env.out << "  " << denied << " more are denied: --all lists them\n";
}

void print_text(const policy::analysis::Powers& powers, bool all, Env& env) {
  if (powers.roles.empty()) env.out << "the principal holds no role\n";
  for (const auto& [role, grant] : powers.roles) {
    env.out << "role " << text::printable(role->name.value) << "  "
            << styled(text::printable("grant " + policy::analysis::text_of(grant->place)),
                      Style::dim, env.color_out)
            << '\n';
  }
  print_tools(powers, all, env);
  env.out << styled("scopes", Style::bold, env.color_out) << '\n';
  for (const auto& scope : powers.scopes)
    env.out << "  " << text::printable(scope) << '\n';
  if (powers.scopes.empty()) env.out << "  none\n";
  if (powers.ttl) env.out << "tokens live " << time::format_duration(*powers.ttl) << " at most\n";
  if (!powers.is_complete)
    env.out << "the tool patterns overlap in too many ways: not every overlap is listed\n";
}

void print_document(const policy::Principal& principal, const policy::analysis::Powers& powers,
                    Env& env) {
  json::Array groups;
  for (const auto& group : principal.groups)
    groups.emplace_back(group);
  json::Array roles;
  for (const auto& held : powers.roles)
    roles.emplace_back(held.role->name.value);
  json::Array tools;
  for (const auto& power : powers.tools) {
    json::Array needs;
    for (const auto& need : power.needs)
      needs.emplace_back(need);
    json::Object one{{"tool", power.tool.name}};
    if (!power.tool.pattern.empty()) one.set("pattern", power.tool.pattern);
    one.set("allowed", power.is_allowed);
    one.set("reason", power.reason);
    one.set("needs", std::move(needs));
    tools.emplace_back(std::move(one));
  }
  json::Array scopes;
  for (const auto& scope : powers.scopes)
    scopes.emplace_back(scope);
  print_json(env, json::Object{{"schema", "mcpauth.rbac.can/1"},
                               {"principal", json::Object{{"subject", principal.subject},
                                                          {"org", principal.org},
                                                          {"groups", std::move(groups)}}},
                               {"roles", std::move(roles)},
                               {"tools", std::move(tools)},
                               {"scopes", std::move(scopes)},
                               {"complete", powers.is_complete}});
}

Result<Exit> can(const Options& options, Env& env) {
  TRY(const auto engine, load_policy(options.policy, env));
  TRY(const auto principal, principal_of(options.who, env));
  const auto powers = policy::analysis::powers_of(engine, principal, env.now());
  if (env.globals.json) {
    print_document(principal, powers, env);
  } else {
    print_text(powers, options.all, env);
  }
  return powers.roles.empty() ? Exit::no : Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  bind_principal(spec, options->who);
  bind_policy(spec, options->policy);
  spec.flag("-a,--all", "List the denied tools as well", options->all);
  return [options](Env& env) { return can(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac can --group okta:HR --org acme", "the tools and scopes of a group"},
    {"mcpauth rbac can --token id.jwt --all --json",
     "the same for a real token, with what is denied"},
};

}  // namespace

extern const Command kRbacCan;
constinit const Command kRbacCan = {
    .path = "rbac can",
    .summary = "List what a principal may do",
    .description =
        "Lists the roles that the principal holds, every tool that it may call with the scopes the "
        "tool needs, and the scopes that it holds. Where one pattern in [tools] decides for many "
        "tools, the list shows the pattern. Exits 1 when the principal holds no role and so may do "
        "nothing.",
    .examples = kExamples,
    .exits = "0 1 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
