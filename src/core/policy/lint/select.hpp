#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/policy/engine/policy.hpp"
#include "core/policy/lint/finding/rule.hpp"

namespace mcpauth::policy::lint {

enum class Persona : std::uint8_t { regular, pedantic };

/// Which rules are active. A word is the name of a rule, its code, or the start of codes (RB2).
/// `ignore` beats `select`.
struct Selection {
  std::vector<std::string> select = {};  ///< empty: all
  std::vector<std::string> ignore = {};
  Severity min_severity = Severity::info;
  Persona persona = Persona::regular;
};

/// Errc::usage, with the nearest name as a hint, when the selection names an unknown rule.
Result<void> check(const Selection& selection);

/// Whether each rule is active, and with which severity, by a selection and the `[lint.rules]` of
/// the policy.
class Choice {
 public:
  Choice(const Selection& selection, const policy::Policy& policy);

  enum class State : std::uint8_t { active, off, hidden_by_persona };
  State state(const Rule& rule) const { return entry(rule).state; }
  Severity severity(const Rule& rule) const { return entry(rule).severity; }

 private:
  struct Entry {
    State state = State::active;
    Severity severity = Severity::warning;
  };
  const Entry& entry(const Rule& rule) const;

  std::vector<Entry> entries_;  // in the order of rules()
};

}  // namespace mcpauth::policy::lint
