#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mcpauth::policy::lint {

enum class Severity : std::uint8_t { info, warning, error };

/// A safe fix leaves what the policy permits unchanged, which is proven each time it is applied. An
/// unsafe one may change it, so a person must ask for it.
enum class FixKind : std::uint8_t { none, safe, unsafe };

/// When a rule reports: always, only under `--persona pedantic`, or only if it is given its input
/// (the servers' tools, the IdP's groups, a lock file).
enum class Audience : std::uint8_t { everybody, pedantic, with_input };

/// One rule. Its examples are whole policies, and tests run them: in the bad one, a comment line
/// `#   ^` points at the column of the line above in which the rule finds something (`#<`: the
/// first column). In the good one the rule finds nothing.
struct Rule {
  std::string_view name;  ///< kebab case: in suppressions, SARIF and --select
  std::string_view code;  ///< "RB205": never reused for another rule
  Severity severity;
  FixKind fix;
  Audience audience;
  std::string_view since;      ///< the first version that has it
  std::string_view summary;    ///< one line, no full stop
  std::string_view rationale;  ///< why it matters and what to do, a paragraph or two
  std::string_view bad;
  std::string_view good;
};

std::string_view name(Severity severity);  ///< "info", "warning", "error"
std::optional<Severity> severity_named(std::string_view name);

}  // namespace mcpauth::policy::lint
