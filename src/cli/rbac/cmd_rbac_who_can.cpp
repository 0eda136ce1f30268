#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/diff_output.hpp"
#include "cli/rbac/explain_output.hpp"
#include "cli/rbac/principals.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/policy/analysis/answer.hpp"
#include "core/policy/analysis/who_can.hpp"

namespace mcpauth::cli {
namespace {

using text::Style;
using text::styled;
constexpr std::size_t kMostNamed = 100;

struct Options {
  std::string asked;
  std::string policy;
};

std::string denied_text(const policy::analysis::DeniedTo& denied) {
  const policy::analysis::Change change{.groups = denied.groups};
  return who_of(change, kMostNamed);
}

void print_text(const policy::analysis::Item& item, const policy::analysis::WhoCan& found,
                const Suggestions& suggestions, Env& env) {
  print_suggestions(suggestions, env);
  if (!found.needs) {
    env.out << "no entry of [tools] matches " << item.text() << ", so nobody may call it\n";
    return;
  }
  if (item.is_tool && found.needs->empty())
    env.out << "open to everybody who holds a role in the org\n";
  if (item.is_tool && !found.needs->empty())
    env.out << "needs " << text::printable(text::some_of(*found.needs, text::kAll)) << '\n';
  for (const auto& change : found.may.changes) {
    env.out << (change.is_combined ? "only together, for example: " : "each alone: ")
            << who_of(change, kMostNamed) << '\n';
  }
  if (found.may.changes.empty()) env.out << "nobody may\n";
  for (const auto& denied : found.denied) {
    env.out << styled("never: ", Style::bold_red, env.color_out) << denied_text(denied) << "  role "
            << text::printable(denied.role->name.value) << " denies "
            << text::printable(denied.pattern->value) << "  "
            << styled(text::printable(policy::analysis::text_of(denied.pattern->place)), Style::dim,
                      env.color_out)
            << '\n';
  }
  for (const auto& why : found.may.unsure)
    env.out << "not exact: " << text::printable(why) << '\n';
}

json::Array groups_json(const std::vector<policy::analysis::OrgGroup>& groups) {
  json::Array out;
  for (const auto& group : groups) {
    out.emplace_back(group_json(group));
  }
  return out;
}

void print_document(const policy::analysis::Item& item, const policy::analysis::WhoCan& found,
                    const Suggestions& suggestions, Env& env) {
  json::Array alone;
  json::Array together;
  for (const auto& change : found.may.changes) {
    if (change.is_combined) {
      together.emplace_back(groups_json(change.groups));
    } else {
      alone = groups_json(change.groups);
    }
  }
  json::Array denied;
  for (const auto& one : found.denied) {
    denied.emplace_back(json::Object{{"scope", one.scope},
                                     {"role", one.role->name.value},
                                     {"pattern", one.pattern->value},
                                     {"at", policy::analysis::text_of(one.pattern->place)},
                                     {"who", groups_json(one.groups)}});
  }
  json::Object out{{"schema", "mcpauth.rbac.who-can/1"},
                   {item.is_tool ? "tool" : "scope", item.name},
                   {"known", found.needs.has_value()}};
  if (found.needs) {
    json::Array needs;
    for (const auto& need : *found.needs)
      needs.emplace_back(need);
    out.set("needs", std::move(needs));
  }
  out.set("alone", std::move(alone));
  out.set("together", std::move(together));
  out.set("denied", std::move(denied));
  out.set("exact", found.may.unsure.empty());
  if (!suggestions.empty()) out.set("did_you_mean", suggestions_json(suggestions));
  print_json(env, out);
}

Result<Exit> who_can(const Options& options, Env& env) {
  TRY(const auto engine, load_policy(options.policy, env));
  const policy::analysis::Item item{.name = options.asked,
                                    .is_tool = options.asked.find('/') != std::string::npos};
  const auto found = policy::analysis::who_can(engine, item, env.now());
  Suggestions suggestions;
  if (found.may.changes.empty()) {
    suggestions = policy::analysis::suggestions(engine.policy(), item.name, item.is_tool);
    // A tool without its server looks like a scope.
    if (suggestions.empty())
      suggestions = policy::analysis::suggestions(engine.policy(), item.name, true);
  }
  if (env.globals.json) {
    print_document(item, found, suggestions, env);
  } else {
    print_text(item, found, suggestions, env);
  }
  if (!found.may.changes.empty()) return Exit::ok;
  return found.may.unsure.empty() ? Exit::no : Exit::failure;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("TOOL|SCOPE", "A tool as in hr/set_salary, or a scope as in db:write:salary",
                options->asked)
      .completes = Completes::tool;
  bind_policy(spec, options->policy);
  return [options](Env& env) { return who_can(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac who-can hr/set_salary", "the groups and orgs that may call a tool"},
    {"mcpauth rbac who-can payments:approve --json", "those that hold a scope, as JSON"},
};

}  // namespace

extern const Command kRbacWhoCan;
constinit const Command kRbacWhoCan = {
    .path = "rbac who-can",
    .summary = "List who may call a tool or holds a scope",
    .description =
        "Lists every group, with its org, whose members may do it without any other group. For "
        "each "
        "org and IdP it adds a smallest set of groups that may only together. It also lists the "
        "groups to which a deny forbids it, whatever other groups their members are in. Exits 1 "
        "when nobody may.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
