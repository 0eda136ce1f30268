#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/policy/engine/policy.hpp"
#include "core/policy/lint/finding/rule.hpp"

namespace mcpauth::policy::lint {

enum class Persona : std::uint8_t { regular, pedantic };

/// Which rules are to speak. A rule is named by its name, its code or the beginning of codes (RB2);
/// what is ignored beats what is selected.
struct Selection {
  std::vector<std::string> select = {};  ///< empty: all
  std::vector<std::string> ignore = {};
  Severity min_severity = Severity::info;
  Persona persona = Persona::regular;
};

/// An Error (Errc::usage) with the nearest name where the selection names a rule that there is not.
Result<void> check(const Selection& selection);

/// What a selection and the policy's own `[lint.rules]` make of each rule.
class Choice {
 public:
  Choice(const Selection& selection, const policy::Policy& policy);

  enum class Voice : std::uint8_t { heard, off, hidden_by_persona };
  Voice voice(const Rule& rule) const { return entry(rule).voice; }
  Severity severity(const Rule& rule) const { return entry(rule).severity; }

 private:
  struct Entry {
    Voice voice = Voice::heard;
    Severity severity = Severity::warning;
  };
  const Entry& entry(const Rule& rule) const;

  std::vector<Entry> entries_;  // as rules()
};

}  // namespace mcpauth::policy::lint
