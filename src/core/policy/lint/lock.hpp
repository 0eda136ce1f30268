#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// What rbac.lock holds: for every pattern in [tools] with a wildcard the tools that it matched
/// when somebody last looked. A tool that a server adds later and that falls under an old pattern
/// is then seen (`glob-expansion-drift`).
struct Lock {
  std::map<std::string, std::set<std::string>> covers = {};
  friend bool operator==(const Lock&, const Lock&) = default;
};

/// The lock of a policy and the tools that its servers list. Errc::input when there are too many
/// patterns and tools to match each with each.
Result<Lock> lock_of(const policy::Policy& policy, const std::vector<ListedTool>& tools);

/// The locked tools of servers other than these, as if they listed them still.
std::vector<ListedTool> tools_of_others(const Lock& lock, const std::vector<std::string>& servers);

/// A TOML file that is sorted, has one tool a line, and is the same for the same lock.
std::string write_lock(const Lock& lock);

/// Reads what `write_lock` writes. Strict: Errc::config, with places and what to do.
Result<Lock> read_lock(std::string_view text, std::string_view file);

/// Every tool that some pattern of the lock covers, sorted: what Inputs::locked_tools takes.
std::vector<std::string> locked_tools(const Lock& lock);

/// One tool that only one of two locks has under a pattern.
struct LockChange {
  std::string pattern;
  std::string tool;
  bool is_new = false;
};

/// By pattern and tool.
std::vector<LockChange> changes(const Lock& before, const Lock& after);

}  // namespace mcpauth::policy::lint
