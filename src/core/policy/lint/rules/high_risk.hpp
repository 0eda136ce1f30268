#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// Somebody's hold on a scope of high risk: one the catalogue says so of, or, of what a tool needs
/// whose server says that it destroys, the scopes of most risk, where all of them are held.
struct HighRisk {
  std::string scope;
  std::string why;  ///< "risk high", "`hr/set_salary` destroys"
  const policy::Role* role = nullptr;
  const policy::Grant* grant = nullptr;
  std::optional<std::chrono::seconds> ttl = {};  ///< the least of the roles held
};

struct HighRisks {
  std::vector<HighRisk> list = {};
  bool is_complete = true;  ///< false: there were too many to ask about
};

/// Each role that gives one of them to somebody, with the first grant that does, as the engine
/// says; nothing where the subject has no engine.
HighRisks high_risks_of(const Subject& subject);

}  // namespace mcpauth::policy::lint
