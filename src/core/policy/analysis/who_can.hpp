#pragma once

#include <string>
#include <vector>

#include "core/policy/analysis/diff.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// Groups that are denied a scope by one rule. Pointers are into the engine's policy.
struct DeniedTo {
  std::string scope;
  const policy::Role* role = nullptr;
  const policy::Text* pattern = nullptr;
  std::vector<OrgGroup> groups;
};

/// Who may do one thing.
struct WhoCan {
  /// The scopes that are needed. Nothing when no tool entry matches: then nobody may.
  std::optional<std::vector<std::string>> needs;
  Difference may;                ///< the result of `reach`
  std::vector<DeniedTo> denied;  ///< nobody in these groups may, whatever their other groups
};

WhoCan who_can(const policy::Engine& engine, const Item& item, Instant now);

/// Whether a principal may call one tool of the policy.
struct ToolPower {
  Item tool;
  bool is_allowed = false;
  std::string_view reason;
  std::vector<std::string> needs;
};

/// What a principal may do.
struct Powers {
  std::vector<policy::HeldRole> roles;
  std::vector<ToolPower> tools;     ///< of all witnesses, by name
  std::vector<std::string> scopes;  ///< those that the policy names and the principal holds
  std::optional<std::chrono::seconds> ttl;
  bool is_complete = true;  ///< see WitnessTools
};

Powers powers_of(const policy::Engine& engine, const policy::Principal& principal, Instant now);

}  // namespace mcpauth::policy::analysis
