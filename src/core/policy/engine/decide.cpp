#include "core/policy/engine/decide.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/base/reason.hpp"
#include "core/policy/engine/grant_index.hpp"
#include "core/policy/engine/inheritance.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/engine/role_set.hpp"
#include "core/policy/engine/scope_index.hpp"
#include "core/policy/engine/tool_index.hpp"

namespace mcpauth::policy {
namespace {

using RoleIds = std::unordered_map<std::string_view, RoleId>;

RoleIds ids_of(const std::vector<Role>& roles) {
  RoleIds ids;
  for (RoleId id = 0; id < roles.size(); ++id)
    ids.try_emplace(roles[id].name.value, id);
  return ids;
}

/// For each role, the set of itself and all that it inherits, directly or not.
std::vector<RoleSet> close(const std::vector<Role>& roles, const RoleIds& ids) {
  Parents parents(roles.size());
  for (RoleId id = 0; id < roles.size(); ++id) {
    for (const auto& parent : roles[id].inherits) {
      if (const auto found = ids.find(parent.value); found != ids.end()) {
        parents[id].push_back(found->second);
      }
    }
  }
  std::vector<RoleSet> closed(roles.size(), RoleSet(roles.size()));
  for (const RoleId id : sort_inheritance(parents).order) {
    closed[id].insert(id);
    for (const RoleId parent : parents[id])
      closed[id].insert_all(closed[parent]);
  }
  return closed;
}

/// A concrete scope of the policy. In a very large policy, `matching` is left out for some scopes
/// to save memory, and computed for each question.
struct Known {
  std::string_view name;
  std::optional<PatternIds> matching;
};
using KnownId = std::uint32_t;

/// What a principal holds at one instant.
struct Held {
  std::vector<GrantId> grants;
  RoleSet roles;
  bool any = false;
  std::optional<std::chrono::seconds> ttl = {};
};

Decision denied(std::string_view reason) {
  return {.allowed = false, .reason = reason};
}

}  // namespace

struct Engine::Compiled {
  explicit Compiled(Policy from);

  Held held(const Principal& principal, Instant now) const;
  const Grant* grant_of(const Held& held, RoleId role) const;
  Evidence judge(std::string_view scope, const PatternIds& matching, const Held& held) const;
  Evidence judge(const Known& scope, const Held& held) const;
  /// The result of `judge`, without the reasons.
  Standing stand(const PatternIds& matching, const Held& held) const;
  Evidence judge(std::string_view scope, const Held& held) const;
  bool is_scope(std::string_view scope) const;
  std::optional<Decision> not_scopes(const std::vector<std::string>& asked) const;
  const Known* find(std::string_view scope) const;
  const std::vector<KnownId>& needs_of(const std::vector<ToolId>& entries,
                                       std::vector<KnownId>& merged) const;

  Policy policy;
  RoleIds role_ids;
  GrantIndex grants;
  ToolIndex tools;
  ScopeIndex scopes;
  std::vector<RoleSet> closed;
  std::vector<std::optional<RoleId>> granted;  ///< by grant
  std::vector<Known> known;                    ///< sorted by name
  std::vector<std::vector<KnownId>> needs;     ///< by tool, each scope once
};

Engine::Compiled::Compiled(Policy from)
    : policy(std::move(from)),
      role_ids(ids_of(policy.roles)),
      grants(policy),
      tools(policy),
      scopes(policy),
      closed(close(policy.roles, role_ids)) {
  for (const auto& grant : policy.grants) {
    const auto found = role_ids.find(grant.role.value);
    granted.push_back(found == role_ids.end() ? std::nullopt : std::optional(found->second));
  }

  std::vector<std::string_view> names;
  for (const auto& scope : policy.scopes)
    names.push_back(scope.name.value);
  for (const auto& tool : policy.tools) {
    for (const auto& need : tool.needs)
      names.push_back(need.value);
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());

  constexpr std::size_t kMostMatches = 4'000'000;
  std::size_t matches = 0;
  for (const auto name : names) {
    known.push_back({name, std::nullopt});
    if (matches >= kMostMatches) continue;
    known.back().matching = scopes.matching(name);
    matches += known.back().matching->size();
  }

  for (const auto& tool : policy.tools) {
    auto& ids = needs.emplace_back();
    for (const auto& need : tool.needs) {
      const auto at = std::ranges::lower_bound(names, std::string_view(need.value));
      const auto id = static_cast<KnownId>(at - names.begin());
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
  }
}

Held Engine::Compiled::held(const Principal& principal, Instant now) const {
  Held held{.grants = grants.applying(principal, now), .roles = RoleSet(policy.roles.size())};
  for (const GrantId id : held.grants) {
    if (!granted[id]) continue;
    held.roles.insert_all(closed[*granted[id]]);
    held.any = true;
  }
  if (!held.any) return held;
  held.roles.each([&](RoleId id) {
    const auto& ttl = policy.roles[id].ttl;
    if (ttl && (!held.ttl || *ttl < *held.ttl)) held.ttl = ttl;
  });
  return held;
}

const Grant* Engine::Compiled::grant_of(const Held& held, RoleId role) const {
  for (const GrantId id : held.grants) {
    if (granted[id] && closed[*granted[id]].contains(role)) return &policy.grants[id];
  }
  return nullptr;
}

Evidence Engine::Compiled::judge(std::string_view scope, const PatternIds& matching,
                                 const Held& held) const {
  Evidence evidence{.scope = std::string(scope)};
  auto role = held.roles.first([&](RoleId id) {
    evidence.pattern = scopes.denies(id, matching);
    return evidence.pattern != nullptr;
  });
  evidence.denied = role.has_value();
  if (!role) {
    role = held.roles.first([&](RoleId id) {
      evidence.pattern = scopes.allows(id, matching);
      return evidence.pattern != nullptr;
    });
  }
  if (role) {
    evidence.role = &policy.roles[*role];
    evidence.grant = grant_of(held, *role);
  }
  return evidence;
}

Standing Engine::Compiled::stand(const PatternIds& matching, const Held& held) const {
  const auto any = [&](auto names) { return held.roles.first(names).has_value(); };
  if (any([&](RoleId id) { return scopes.denies(id, matching) != nullptr; })) {
    return Standing::denied;
  }
  return any([&](RoleId id) { return scopes.allows(id, matching) != nullptr; }) ? Standing::allowed
                                                                                : Standing::absent;
}

Evidence Engine::Compiled::judge(const Known& scope, const Held& held) const {
  if (scope.matching) return judge(scope.name, *scope.matching, held);
  return judge(scope.name, scopes.matching(scope.name), held);
}

const Known* Engine::Compiled::find(std::string_view scope) const {
  const auto at = std::ranges::lower_bound(known, scope, {}, &Known::name);
  return at == known.end() || at->name != scope ? nullptr : &*at;
}

Evidence Engine::Compiled::judge(std::string_view scope, const Held& held) const {
  const auto* found = find(scope);
  return found != nullptr ? judge(*found, held) : judge(scope, scopes.matching(scope), held);
}

// With a catalogue, no other scopes exist.
bool Engine::Compiled::is_scope(std::string_view scope) const {
  if (scope_fault(scope, Wildcards::no)) return false;
  return !policy.has_scope_catalogue || find(scope) != nullptr;
}

std::optional<Decision> Engine::Compiled::not_scopes(const std::vector<std::string>& asked) const {
  Decision bad = denied(reason::kBadScope);
  Decision unknown = denied(reason::kUnknownScope);
  for (const auto& scope : asked) {
    if (is_scope(scope)) continue;
    auto& wrong = scope_fault(scope, Wildcards::no) ? bad : unknown;
    wrong.evidence.push_back({.scope = scope});
  }
  if (asked.empty() || !bad.evidence.empty()) return bad;
  if (!unknown.evidence.empty()) return unknown;
  return std::nullopt;
}

const std::vector<KnownId>& Engine::Compiled::needs_of(const std::vector<ToolId>& entries,
                                                       std::vector<KnownId>& merged) const {
  if (entries.size() == 1) return needs[entries.front()];
  for (const ToolId entry : entries) {
    for (const KnownId id : needs[entry]) {
      if (std::ranges::find(merged, id) == merged.end()) merged.push_back(id);
    }
  }
  return merged;
}

namespace {

bool is_held(const Evidence& evidence) {
  return evidence.pattern != nullptr && !evidence.denied;
}

/// Adds the evidence for one more scope. Once a scope has failed, only failing ones are kept.
void add(Decision& decision, Evidence evidence) {
  const bool ok = is_held(evidence);
  if (!ok && decision.allowed) {
    decision.allowed = false;
    decision.reason = reason::kScopeNotHeld;
    decision.evidence.clear();
  }
  if (evidence.denied) decision.reason = reason::kScopeDenied;
  if (ok == decision.allowed) decision.evidence.push_back(std::move(evidence));
}

Decision begin(const Held& held) {
  return {.allowed = true, .reason = reason::kGranted, .ttl = held.ttl};
}

void refuse_without_role(Decision& decision, const Held& held) {
  if (!held.any) decision.reason = reason::kNoGrant;
}

}  // namespace

Engine::Engine(Policy policy) : compiled_(std::make_unique<Compiled>(std::move(policy))) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

const Policy& Engine::policy() const {
  return compiled_->policy;
}

Decision Engine::tool(const Principal& principal, std::string_view tool, Instant now) const& {
  if (principal.org.empty()) return denied(reason::kNoOrg);
  const auto entries = compiled_->tools.find(tool);
  if (entries.empty()) return denied(reason::kUnknownTool);

  const Held held = compiled_->held(principal, now);
  Decision decision = begin(held);
  decision.tool = &compiled_->policy.tools[entries.front()];
  std::vector<KnownId> merged;
  const auto& needs = compiled_->needs_of(entries, merged);
  if (needs.empty()) {
    decision.allowed = held.any;
    decision.reason = held.any ? reason::kOpenTool : reason::kNoRole;
    return decision;
  }
  decision.evidence.reserve(needs.size());
  for (const KnownId id : needs)
    add(decision, compiled_->judge(compiled_->known[id], held));
  refuse_without_role(decision, held);
  return decision;
}

Decision Engine::scopes(const Principal& principal, const std::vector<std::string>& scopes,
                        Instant now) const& {
  if (principal.org.empty()) return denied(reason::kNoOrg);
  if (auto wrong = compiled_->not_scopes(scopes)) return *std::move(wrong);

  const Held held = compiled_->held(principal, now);
  Decision decision = begin(held);
  decision.evidence.reserve(scopes.size());
  for (const auto& scope : scopes)
    add(decision, compiled_->judge(scope, held));
  refuse_without_role(decision, held);
  return decision;
}

std::vector<Standing> Engine::standing(const Principal& principal,
                                       const std::vector<std::string>& scopes, Instant now) const {
  const Held held = compiled_->held(principal, now);
  std::vector<Standing> out(scopes.size(), Standing::absent);
  if (!held.any) return out;
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    // The scopes of the policy are known to be well-formed.
    const auto* known = compiled_->find(scopes[i]);
    if (known == nullptr && !compiled_->is_scope(scopes[i])) continue;
    out[i] = known != nullptr && known->matching
                 ? compiled_->stand(*known->matching, held)
                 : compiled_->stand(compiled_->scopes.matching(scopes[i]), held);
  }
  return out;
}

namespace {

constexpr std::uint32_t kNoPlace = UINT32_MAX;

}  // namespace

AskedScopes Engine::ask(const std::vector<std::string>& scopes) const {
  AskedScopes out;
  out.matching.reserve(scopes.size());
  out.place_of.assign(compiled_->scopes.size(), kNoPlace);
  for (const auto& scope : scopes) {
    auto& matching = out.matching.emplace_back();
    if (compiled_->is_scope(scope)) matching = compiled_->scopes.matching(scope);
    for (auto& pattern : matching) {
      auto& place = out.place_of[pattern];
      if (place == kNoPlace) place = out.places++;
      pattern = place;
    }
  }
  return out;
}

// What a role says about a scope depends only on which of its patterns match. So the patterns of
// all roles held are combined first, and then each scope looks up those that match it.
std::vector<Standing> Engine::standing(const Principal& principal, const AskedScopes& asked,
                                       Instant now) const {
  const Held held = compiled_->held(principal, now);
  std::vector<Standing> out(asked.matching.size(), Standing::absent);
  if (!held.any) return out;
  std::vector<Standing> by_place(asked.places, Standing::absent);
  const auto raise = [&](PatternId pattern, Standing to) {
    const auto place = asked.place_of[pattern];
    if (place != kNoPlace) by_place[place] = combined(by_place[place], to);
  };
  held.roles.each([&](RoleId id) {
    compiled_->scopes.each_allow(id, [&](PatternId it) { raise(it, Standing::allowed); });
    compiled_->scopes.each_deny(id, [&](PatternId it) { raise(it, Standing::denied); });
  });
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto place : asked.matching[i])
      out[i] = combined(out[i], by_place[place]);
  }
  return out;
}

std::vector<HeldRole> Engine::roles(const Principal& principal, Instant now) const& {
  const Held held = compiled_->held(principal, now);
  std::vector<HeldRole> out;
  held.roles.each([&](RoleId id) {
    out.push_back({&compiled_->policy.roles[id], compiled_->grant_of(held, id)});
  });
  return out;
}

std::vector<const Role*> Engine::granted(const Principal& principal, Instant now) const& {
  std::vector<const Role*> out;
  for (const GrantId id : compiled_->grants.applying(principal, now)) {
    const auto role = compiled_->granted[id];
    if (role) out.push_back(&compiled_->policy.roles[*role]);
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::vector<std::string> Engine::held_scopes(const Principal& principal, Instant now) const {
  const Held held = compiled_->held(principal, now);
  std::vector<std::string> out;
  if (!held.any) return out;
  for (const auto& scope : compiled_->known) {
    if (is_held(compiled_->judge(scope, held))) out.emplace_back(scope.name);
  }
  return out;
}

std::optional<std::vector<std::string>> Engine::needs(std::string_view tool) const {
  const auto entries = compiled_->tools.find(tool);
  if (entries.empty()) return std::nullopt;
  std::vector<KnownId> merged;
  std::vector<std::string> out;
  for (const KnownId id : compiled_->needs_of(entries, merged)) {
    out.emplace_back(compiled_->known[id].name);
  }
  return out;
}

}  // namespace mcpauth::policy
