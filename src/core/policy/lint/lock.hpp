#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// The content of rbac.lock: for every pattern with a wildcard in [tools], the tools that it
/// matched when the lock was written. So lint can report a tool that a server added later and that
/// an old pattern covers (`glob-expansion-drift`).
struct Lock {
  std::map<std::string, std::set<std::string>> covers = {};
  friend bool operator==(const Lock&, const Lock&) = default;
};

/// The lock of a policy and the tools that its servers list. Errc::input when there are too many
/// patterns and tools to match each with each.
Result<Lock> lock_of(const policy::Policy& policy, const std::vector<ListedTool>& tools);

/// The locked tools of all other servers, as if those still listed them. `servers` is sorted.
std::vector<ListedTool> tools_of_others(const Lock& lock, const std::vector<std::string>& servers);

/// The lock as a TOML file: sorted, one tool a line, the same text for the same lock.
std::string write_lock(const Lock& lock);

/// Reads the text of `write_lock`. Strict: Errc::config, with places and a hint.
Result<Lock> read_lock(std::string_view text, std::string_view file);

/// Every tool that a pattern of the lock covers, sorted, for Inputs::locked_tools.
std::vector<std::string> locked_tools(const Lock& lock);

/// A tool that a pattern covers in only one of two locks.
struct LockChange {
  std::string pattern;
  std::string tool;
  bool is_new = false;  ///< covered only in the later lock
};

/// The differences between two locks, by pattern and tool.
std::vector<LockChange> changes(const Lock& before, const Lock& after);

}  // namespace mcpauth::policy::lint
