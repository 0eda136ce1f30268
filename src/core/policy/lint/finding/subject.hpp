#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "core/policy/engine/decide.hpp"
#include "core/policy/engine/load.hpp"
#include "core/policy/lint/finding/finding.hpp"

namespace mcpauth::policy::lint {

/// A tool as an MCP server lists it, `server/tool`, with what its annotations say.
struct ListedTool {
  std::string name;
  bool is_read_only = false;
  bool is_destructive = false;  ///< true only where the server says so or leaves the default unsaid
  bool is_open_world = false;
};

/// What the rules may be given besides the policy. What is absent is not judged by.
struct Inputs {
  Instant now = {};
  std::chrono::days expiring = std::chrono::days(30);  ///< `grant-expiring-soon` looks this far
  std::size_t broad_glob = 20;  ///< `over-broad-tool-glob`: more tools than this
  std::optional<std::vector<ListedTool>> tools = {};  ///< --tools
  std::optional<std::vector<std::string>> groups =
      {};  ///< --groups: every group there is, "idp:group"
  std::optional<std::vector<std::string>> locked_tools = {};  ///< the tools that rbac.lock knows
};

/// What a rule looks at: the policy as read, and, where it can be used, what it comes to.
struct Subject {
  const policy::Reading& reading;
  const Inputs& inputs;
  /// Absent while the policy has faults: then only rules that look at names and shapes run, since
  /// the rest would report what only follows from the faults.
  const policy::Engine* engine = nullptr;
  const analysis::WitnessScopes* universe = nullptr;
  const analysis::Effective* effective = nullptr;

  const policy::Policy& policy() const { return reading.policy; }
};

/// Something that was not judged, or not exactly.
struct Note {
  std::string_view rule = {};  ///< by name; empty: several
  std::string text = {};  ///< why: "more than 50,000 sets of patterns"; a line without a period
};

/// Takes findings; fills in the rule and its severity.
class Findings {
 public:
  /// The rule must be one of the catalogue. Add to the finding that is returned.
  Finding& add(std::string_view rule, const Place& place, std::string message);
  /// Says that this rule was not judged, or not exactly, and why. Never silently.
  void not_judged(std::string_view rule, std::string why) {
    notes_.push_back({rule, std::move(why)});
  }
  std::vector<Finding> take() { return std::move(list_); }
  std::vector<Note> take_notes() { return std::move(notes_); }

 private:
  std::vector<Finding> list_;
  std::vector<Note> notes_;
};

}  // namespace mcpauth::policy::lint
