#pragma once

#include <string>
#include <vector>

#include "core/policy/analysis/diff.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// Groups to whom one rule denies a scope. Pointers are into the engine's policy.
struct DeniedTo {
  std::string scope;
  const policy::Role* role = nullptr;
  const policy::Text* pattern = nullptr;
  std::vector<OrgGroup> groups;
};

/// Who may do one thing.
struct WhoCan {
  /// Nothing where no tool entry matches: then nobody may.
  std::optional<std::vector<std::string>> needs;
  Difference may;                ///< as `reach` tells it
  std::vector<DeniedTo> denied;  ///< nobody in one of these groups may, whatever else they are in
};

WhoCan who_can(const policy::Engine& engine, const Item& item, Instant now);

/// How a principal stands to one tool of the policy.
struct ToolPower {
  Item tool;
  bool is_allowed = false;
  std::string_view reason;
  std::vector<std::string> needs;
};

/// What a principal may do.
struct Powers {
  std::vector<policy::HeldRole> roles;
  std::vector<ToolPower> tools;     ///< every one of the witnesses, by name
  std::vector<std::string> scopes;  ///< held, of those that the policy names
  std::optional<std::chrono::seconds> ttl;
  bool is_complete = true;  ///< see WitnessTools
};

Powers powers_of(const policy::Engine& engine, const policy::Principal& principal, Instant now);

}  // namespace mcpauth::policy::analysis
