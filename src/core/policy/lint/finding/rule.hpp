#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mcpauth::policy::lint {

enum class Severity : std::uint8_t { info, warning, error };

/// What a rule's fix does to what the policy permits: nothing (proven each time it is applied), or
/// perhaps something, so that a person must ask for it.
enum class FixKind : std::uint8_t { none, safe, unsafe };

/// When a rule speaks: always, only under `--persona pedantic`, or only when it is given what it
/// judges by (a catalogue of tools, the IdP's groups, a lock file, an audit log).
enum class Audience : std::uint8_t { everybody, pedantic, with_input };

/// One rule of the catalogue. The examples are whole policies and are tests: in the bad one a
/// comment line `#   ^` below a line points at the column where the rule finds something in that
/// line (`#<`: at its first column), and the good one is silent under this rule.
struct Rule {
  std::string_view name;  ///< kebab case: in suppressions, SARIF and --select
  std::string_view code;  ///< "RB205": stable, never used again for something else
  Severity severity;
  FixKind fix;
  Audience audience;
  std::string_view since;      ///< version that brought it
  std::string_view summary;    ///< one line, no period
  std::string_view rationale;  ///< why it matters and what to do, a paragraph or two
  std::string_view bad;
  std::string_view good;
};

std::string_view name(Severity severity);  ///< "info", "warning", "error"
std::optional<Severity> severity_named(std::string_view name);

}  // namespace mcpauth::policy::lint
