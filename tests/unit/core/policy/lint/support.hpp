#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "core/policy/lint/lint.hpp"

/// What the tests of lint share: policies in memory, and the world that examples are judged in.
namespace linting {

using namespace mcpauth;

/// 2027-01-01T00:00:00Z
inline constexpr Instant kNow{std::chrono::seconds(1'798'761'600)};

/// What every example of the catalogue is judged by.
inline policy::lint::Inputs example_inputs() {
  policy::lint::Inputs inputs;
  inputs.now = kNow;
  inputs.tools = {{.name = "code/push", .is_destructive = true, .is_open_world = true},
                  {.name = "hr/get_employee", .is_read_only = true},
                  {.name = "hr/list_employees", .is_read_only = true},
                  {.name = "hr/set_salary", .is_destructive = true}};
  inputs.groups = {"okta:Engineering", "okta:Everyone", "okta:HR"};
  inputs.locked_tools = {"hr/get_employee", "hr/set_salary"};
  return inputs;
}

/// The files that an example may include; there are no others.
inline Result<std::string> included(const std::filesystem::path& file) {
  const auto name = file.filename().string();
  if (name == "base.toml" || name == "teams.toml" || name == "tools.toml") {
    return "version = 1\n[roles." + file.stem().string() + "]\nscopes = [\"base:read\"]\n";
  }
  return Error{.code = Errc::not_found, .message = "cannot open `" + name + "`: no such file"};
}

/// Few files make a policy too large here, so that an example of it is short.
inline policy::Reading read(std::string_view text, const policy::ReadFile& read_file = included) {
  return policy::read(text, "rbac.toml", read_file, {.files = 3});
}

inline policy::lint::Outcome lint_text(std::string_view text,
                                       const policy::lint::Selection& selection = {},
                                       const policy::lint::Inputs& inputs = example_inputs()) {
  return policy::lint::lint(read(text), inputs, selection);
}

/// "14:12 rule-name" of everything that stands, one a line.
inline std::string summary(const policy::lint::Outcome& outcome) {
  std::string out;
  for (const auto& finding : outcome.findings) {
    if (finding.suppressed || finding.is_in_baseline) continue;
    out += std::to_string(finding.place.span.line) + ":" +
           std::to_string(finding.place.span.column) + " " + std::string(finding.rule->name) + "\n";
  }
  return out;
}

/// "14:12" of all findings of one rule that stand.
inline std::vector<std::string> places_of(const policy::lint::Outcome& outcome,
                                          std::string_view rule) {
  std::vector<std::string> out;
  for (const auto& finding : outcome.findings) {
    if (finding.rule->name != rule || finding.suppressed) continue;
    out.push_back(std::to_string(finding.place.span.line) + ":" +
                  std::to_string(finding.place.span.column));
  }
  return out;
}

}  // namespace linting
