#pragma once

// The rules of rbac.toml a second time, as slowly and plainly as the prose tells them, for the
// engine to be compared with. Shares nothing with it, neither types nor patterns.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reference {

using Strings = std::vector<std::string>;

struct Role {
  Strings inherits = {}, scopes = {}, deny = {};
  std::optional<int> ttl_minutes = {};
};

struct Grant {
  std::string role;
  Strings groups;
  std::optional<std::string> org = {};
  std::optional<std::int64_t> until = {};  // seconds since 1970
  bool until_is_date = false;              // then written as the day before `until`
};

struct World {
  std::map<std::string, Strings> tools = {};
  std::map<std::string, Role> roles = {};
  std::vector<Grant> grants = {};
  std::map<std::string, Strings> org_idps = {};
};

struct Asker {
  std::string org;
  Strings groups;
};

struct Answer {
  bool allowed;
  std::string reason;
};

inline bool starred(const char* pattern, const char* text) {
  if (*pattern == '\0') return *text == '\0';
  if (*pattern == '*') {
    return starred(pattern + 1, text) ||
           (*text != '\0' && *text != '/' && starred(pattern, text + 1));
  }
  return *pattern == *text && starred(pattern + 1, text + 1);
}

inline Strings segments(const std::string& text) {
  Strings out{""};
  for (const char c : text) {
    if (c == ':')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

inline bool covers(const Strings& pattern, const Strings& scope, std::size_t at = 0) {
  if (at == pattern.size()) return at == scope.size();
  if (at >= scope.size()) return false;
  if (pattern[at] == "**") return true;
  if (pattern[at] != "*" && pattern[at] != scope[at]) return false;
  return covers(pattern, scope, at + 1);
}

inline bool any_covers(const Strings& patterns, const std::string& scope) {
  for (const auto& pattern : patterns) {
    if (covers(segments(pattern), segments(scope))) return true;
  }
  return false;
}

inline bool has(const Strings& all, const std::string& one) {
  for (const auto& item : all) {
    if (item == one) return true;
  }
  return false;
}

inline bool applies(const World& world, const Grant& grant, const Asker& asker, std::int64_t now) {
  if (grant.org && *grant.org != asker.org) return false;
  if (grant.until && now >= *grant.until) return false;
  for (const auto& group : grant.groups) {
    if (!has(asker.groups, group)) continue;
    const auto org = world.org_idps.find(asker.org);
    if (org == world.org_idps.end() || has(org->second, segments(group)[0])) return true;
  }
  return false;
}

inline void add_role(const World& world, const std::string& name, std::set<std::string>& held) {
  held.insert(name);
  for (const auto& parent : world.roles.at(name).inherits)
    add_role(world, parent, held);
}

inline std::set<std::string> roles(const World& world, const Asker& asker, std::int64_t now) {
  std::set<std::string> held;
  for (const auto& grant : world.grants) {
    if (applies(world, grant, asker, now)) add_role(world, grant.role, held);
  }
  return held;
}

inline Answer judge(const World& world, const std::set<std::string>& held,
                    const std::set<std::string>& wanted) {
  bool all_allowed = true;
  for (const auto& scope : wanted) {
    bool allowed = false;
    for (const auto& role : held) {
      if (any_covers(world.roles.at(role).deny, scope)) return {false, "scope-denied"};
      allowed = allowed || any_covers(world.roles.at(role).scopes, scope);
    }
    all_allowed = all_allowed && allowed;
  }
  if (held.empty()) return {false, "no-grant"};
  return all_allowed ? Answer{true, "granted"} : Answer{false, "scope-not-held"};
}

/// The union of what the most specific patterns need.
inline std::optional<std::set<std::string>> needs(const World& world, const std::string& tool) {
  std::optional<std::set<std::string>> out;
  std::size_t best = 0;
  for (const auto& [pattern, scopes] : world.tools) {
    if (!starred(pattern.c_str(), tool.c_str())) continue;
    std::size_t weight = 0;
    for (const char c : pattern)
      weight += c == '*' ? 0U : 1U;
    if (pattern.find('*') == std::string::npos) weight += 1000;
    if (!out || weight > best) {
      out.emplace();
      best = weight;
    }
    if (weight == best) out->insert(scopes.begin(), scopes.end());
  }
  return out;
}

inline Answer tool(const World& world, const Asker& asker, const std::string& name,
                   std::int64_t now) {
  const auto wanted = needs(world, name);
  if (!wanted) return {false, "unknown-tool"};
  const auto held = roles(world, asker, now);
  if (!wanted->empty()) return judge(world, held, *wanted);
  return held.empty() ? Answer{false, "no-role"} : Answer{true, "open-tool"};
}

}  // namespace reference
