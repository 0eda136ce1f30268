#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// Whether somebody may call a tool, or hold a scope.
struct Question {
  policy::Principal principal;
  std::string asked;
  bool is_tool = false;
};

/// The Engine's decision.
policy::Decision ask(const policy::Engine& engine, const Question& question, Instant now);

/// One way on which a group of the principal comes to a pattern that matches a scope. Pointers are
/// into the engine's policy.
struct Route {
  std::string group;
  const policy::Grant* grant = nullptr;
  /// The role granted, then what it inherits, down to the one whose pattern it is.
  std::vector<const policy::Role*> roles;
  const policy::Text* pattern = nullptr;
  bool is_deny = false;
  bool decides = false;  ///< the Engine's decision rests on this pattern
};

/// How the principal stands to one scope that is needed.
struct ScopeTrace {
  std::string scope = {};
  policy::Standing standing = policy::Standing::absent;
  std::vector<Route> routes = {};  ///< denies first
  std::size_t more = 0;            ///< routes beyond those
};

/// A grant that names a group of the principal and does not apply, and why.
struct UnappliedGrant {
  std::string group;
  const policy::Grant* grant = nullptr;
  enum class Why : std::uint8_t { other_org, expired, idp } why = Why::idp;
};

/// A grant that applies.
struct AppliedGrant {
  std::string group;
  const policy::Grant* grant = nullptr;
};

struct Explanation {
  policy::Decision decision = {};
  std::vector<AppliedGrant> applied = {};  ///< by group and place in the file
  std::vector<UnappliedGrant> unapplied = {};
  std::vector<ScopeTrace> scopes = {};  ///< each scope that is needed or was asked for
};

/// Takes the decision apart. The engine must outlive the explanation.
Explanation explain(const policy::Engine& engine, const Question& question, Instant now);

}  // namespace mcpauth::policy::analysis
