#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// May this principal call this tool, or use this scope?
struct Question {
  policy::Principal principal;
  std::string asked;
  bool is_tool = false;
};

/// The Engine's decision.
policy::Decision ask(const policy::Engine& engine, const Question& question, Instant now);

/// One way from a group of the principal to a pattern that matches a scope. Pointers are into the
/// engine's policy.
struct Route {
  std::string group;
  const policy::Grant* grant = nullptr;
  /// From the role that is granted, through inheritance, to the role that has the pattern.
  std::vector<const policy::Role*> roles;
  const policy::Text* pattern = nullptr;
  bool is_deny = false;
  bool decides = false;  ///< the Engine decided by this pattern
};

/// What the principal has on one scope that is needed.
struct ScopeTrace {
  std::string scope = {};
  policy::Standing standing = policy::Standing::absent;
  std::vector<Route> routes = {};  ///< denies first
  std::size_t more = 0;            ///< routes that are not listed
};

/// A grant that names a group of the principal but does not apply, and why.
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
  std::vector<AppliedGrant> applied = {};  ///< in file order
  std::vector<UnappliedGrant> unapplied = {};
  std::vector<ScopeTrace> scopes = {};  ///< each scope that is needed or asked about
};

/// Shows how the Engine comes to its decision. The engine must outlive the explanation.
Explanation explain(const policy::Engine& engine, const Question& question, Instant now);

}  // namespace mcpauth::policy::analysis
