#include "core/policy/lint/rules/names.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy::lint {
namespace {

using policy::Text;

/// Collects the names of one kind.
class Collector {
 public:
  explicit Collector(NameKind kind) : kind_(kind) {}

  void add(std::string_view value, const Place& place, bool is_whole = true) {
    if (value.empty()) return;
    const auto [found, is_new] = positions_.try_emplace(std::string(value), names_.size());
    if (is_new)
      names_.push_back({.kind = kind_, .value = std::string(value), .is_whole = is_whole});
    names_[found->second].places.push_back(&place);
    names_[found->second].is_whole &= is_whole;
  }
  void add(const Text& text) { add(text.value, text.place); }
  void add_concrete(const Text& text) {
    if (policy::is_concrete(text.value)) add(text);
  }
  void take_into(std::vector<Name>& out) {
    out.insert(out.end(), std::move_iterator(names_.begin()), std::move_iterator(names_.end()));
  }

 private:
  NameKind kind_;
  std::vector<Name> names_;
  std::unordered_map<std::string, std::size_t> positions_;
};

std::string_view idp_of(std::string_view group) {
  const auto colon = group.find(':');
  return colon == std::string_view::npos ? std::string_view{} : group.substr(0, colon);
}

void add_roles(const policy::Policy& policy, std::vector<Name>& out) {
  Collector roles(NameKind::role);
  for (const auto& role : policy.roles)
    roles.add(role.name);
  for (const auto& role : policy.roles) {
    for (const auto& parent : role.inherits)
      roles.add(parent);
  }
  for (const auto& grant : policy.grants)
    roles.add(grant.role);
  roles.take_into(out);
}

void add_groups(const policy::Policy& policy, std::vector<Name>& out) {
  Collector groups(NameKind::group);
  Collector idps(NameKind::idp);
  Collector orgs(NameKind::org);
  for (const auto& org : policy.orgs) {
    orgs.add(org.name);
    if (!org.idps) continue;
    for (const auto& idp : *org.idps)
      idps.add(idp);
  }
  for (const auto& grant : policy.grants) {
    if (grant.org) orgs.add(*grant.org);
    for (const auto& group : grant.groups) {
      groups.add(group);
      idps.add(idp_of(group.value), group.place, false);
    }
  }
  groups.take_into(out);
  idps.take_into(out);
  orgs.take_into(out);
}

void add_scopes(const policy::Policy& policy, std::vector<Name>& out) {
  Collector scopes(NameKind::scope);
  Collector tools(NameKind::tool);
  for (const auto& scope : policy.scopes)
    scopes.add(scope.name);
  for (const auto& tool : policy.tools) {
    tools.add_concrete(tool.pattern);
    for (const auto& need : tool.needs)
      scopes.add(need);
  }
  for (const auto& role : policy.roles) {
    for (const auto* list : {&role.scopes, &role.deny}) {
      for (const auto& scope : *list)
        scopes.add_concrete(scope);
    }
  }
  scopes.take_into(out);
  tools.take_into(out);
}

void mark_known(const Inputs& inputs, std::vector<Name>& names) {
  std::unordered_set<std::string_view> groups;
  std::unordered_set<std::string_view> tools;
  if (inputs.groups) groups.insert(inputs.groups->begin(), inputs.groups->end());
  if (inputs.tools) {
    for (const auto& tool : *inputs.tools)
      tools.insert(tool.name);
  }
  for (auto& name : names) {
    if (name.kind == NameKind::group) name.is_known = groups.contains(name.value);
    if (name.kind == NameKind::tool) name.is_known = tools.contains(name.value);
  }
}

}  // namespace

std::string_view name(NameKind kind) {
  constexpr std::string_view kNames[] = {"role", "group", "IdP", "org", "scope", "tool"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string Name::text() const {
  return std::string(name(kind)) + " `" + value + "`";
}

std::string Name::path() const {
  constexpr std::string_view kTables[] = {"roles", "groups", "idps", "orgs", "scopes", "tools"};
  const std::string table(kTables[static_cast<std::size_t>(kind)]);
  const bool is_table = kind == NameKind::role || kind == NameKind::org;
  return is_table ? table + "." + value : table + "[" + json::quote(value) + "]";
}

std::vector<Name> names_of(const Subject& subject) {
  std::vector<Name> names;
  add_roles(subject.policy(), names);
  add_groups(subject.policy(), names);
  add_scopes(subject.policy(), names);
  mark_known(subject.inputs, names);
  return names;
}

bool has_hidden(std::string_view text) {
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
  if (is_plain) return false;  // nearly all there is
  while (!text.empty()) {
    const auto [code, length] = text::decode(text);
    if (length == 0 || text::is_hidden(code)) return true;
    text.remove_prefix(length);
  }
  return false;
}

Fix renaming(const Name& name, std::string_view to) {
  Fix fix{.title = "write `" + std::string(to) + "`", .edits = {}};
  for (const auto* place : name.places)
    fix.edits.push_back({*place, json::quote(to)});
  return fix;
}

}  // namespace mcpauth::policy::lint
