#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "core/policy/engine/decide.hpp"
#include "core/policy/engine/load.hpp"

namespace mcpauth::policy::lint {

/// A tool as an MCP server lists it: `server/tool`, and what its annotations say.
struct ListedTool {
  std::string name;
  bool is_read_only = false;
  bool is_destructive = false;  ///< the server says so, or leaves MCP's default, which is true
  bool is_open_world = false;
};

/// What the rules may use besides the policy. Nothing is judged by an input that is absent.
struct Inputs {
  Instant now = {};
  std::chrono::days expiring =
      std::chrono::days(30);    ///< how far `grant-expiring-soon` looks ahead
  std::size_t broad_glob = 20;  ///< `over-broad-tool-glob`: a pattern may match this many tools
  std::optional<std::vector<ListedTool>> tools = {};    ///< --tools
  std::optional<std::vector<std::string>> groups = {};  ///< --groups: every group, as "idp:group"
  std::optional<std::vector<std::string>> locked_tools = {};  ///< the tools in rbac.lock
};

/// What the rules look at: a policy as read and, if it can be used, what it permits.
struct Subject {
  const policy::Reading& reading;
  const Inputs& inputs;
  /// These three are set together, or are all null: because the policy has faults, or because what
  /// it permits is too much to work out. Then only rules about names and shapes run.
  const policy::Engine* engine = nullptr;
  const analysis::WitnessScopes* witness_scopes = nullptr;
  const analysis::Effective* effective = nullptr;

  bool is_usable() const {
    return engine != nullptr && witness_scopes != nullptr && effective != nullptr;
  }
  /// The policy that the engine decides by, if there is one: `effective` points into it.
  const policy::Policy& policy() const {
    return engine != nullptr ? engine->policy() : reading.policy;
  }
};

}  // namespace mcpauth::policy::lint
