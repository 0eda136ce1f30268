#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

#include "cli/frame/commands.hpp"
#include "cli/frame/settings.hpp"
#include "core/keys/ring.hpp"
#include "core/policy/engine/load.hpp"

namespace mcpauth::cli {
namespace {

using Names = std::set<std::string, std::less<>>;

struct Options {
  std::string kind;
};

/// Whether the name has no characters that are special in a shell: the policy may be a stranger's.
bool is_plain(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') ||
           std::string_view("-_./:@").find(c) != std::string_view::npos;
  });
}

Result<Names> names_of_policy(std::string_view kind, const config::Config& config) {
  Names names;
  if (!config.policy) return names;
  TRY(const auto policy, policy::load(*config.policy));
  if (kind == "role") {
    for (const auto& role : policy.roles)
      names.insert(role.name.value);
  } else if (kind == "tool") {
    for (const auto& tool : policy.tools)
      names.insert(tool.pattern.value);
  } else {
    for (const auto& org : policy.orgs)
      names.insert(org.name.value);
    for (const auto& grant : policy.grants) {
      if (grant.org) names.insert(grant.org->value);
    }
  }
  return names;
}

Result<Names> names_of(std::string_view kind, Env& env) {
  Names names;
  if (kind == "command") {
    for (const Command* command : commands()) {
      if (!command->is_hidden()) names.emplace(command->path);
    }
    return names;
  }
  TRY(const auto config, load_settings(env));
  if (kind != "kid") return names_of_policy(kind, config);
  if (!config.issuer) return names;
  TRY(const auto ring, keys::Ring::open(config.issuer->keys));
  for (const auto& entry : ring.entries())
    names.insert(entry.kid);
  return names;
}

Result<Exit> print(const Options& options, Env& env) {
  TRY(const auto names, names_of(options.kind, env));
  for (const auto& name : names) {
    if (is_plain(name) || options.kind == "command") env.out << name << '\n';
  }
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("KIND", "What to list", options->kind).choices = {"command", "kid", "role", "tool",
                                                                  "org"};
  return [options](Env& env) { return print(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth __complete role", "list the roles of the policy in force"},
    {"mcpauth __complete kid", "list the key ids of the key ring"},
};

}  // namespace

extern const Command kComplete;
constinit const Command kComplete = {
    .path = "__complete",
    .summary = "List names for the completion scripts",
    .description = "Lists the names of one kind, one on a line.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
