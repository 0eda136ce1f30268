#include "core/policy/lint/rules/catalogue.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "core/codec/text.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;
using policy::lint::Rule;

namespace {

/// Whether a line of an example is one of marks: `#   ^`, or `#<` for the first column.
bool is_mark(std::string_view line) {
  if (line == "#<") return true;
  return line.starts_with('#') && line.find('^') != std::string_view::npos &&
         line.find_first_not_of(" ^", 1) == std::string_view::npos;
}

/// "line:column" of every mark, each for the line above it that is not a mark.
std::vector<std::string> marked(std::string_view example) {
  std::vector<std::string> out;
  std::size_t above = 0;
  std::size_t number = 0;
  for (const auto line : text::split(example, '\n')) {
    ++number;
    if (!is_mark(line)) {
      above = number;
      continue;
    }
    for (std::size_t at = 0; at < line.size(); ++at) {
      const bool first = line == "#<" && at == 0;
      if (first || line[at] == '^')
        out.push_back(std::to_string(above) + ":" + std::to_string(at + 1));
    }
  }
  return out;
}

bool is_kebab(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

bool is_code(std::string_view code) {
  return code.size() == 5 && code.starts_with("RB") &&
         std::ranges::all_of(code.substr(2), [](char c) { return c >= '0' && c <= '9'; });
}

policy::lint::Outcome outcome_of(std::string_view example) {
  return linting::lint_text(example, {.persona = policy::lint::Persona::pedantic});
}

std::vector<const policy::lint::Finding*> findings_of(const policy::lint::Outcome& outcome,
                                                      const Rule& rule) {
  std::vector<const policy::lint::Finding*> out;
  for (const auto& finding : outcome.findings) {
    if (finding.rule == &rule && !finding.suppressed) out.push_back(&finding);
  }
  return out;
}

/// Faults of other rules: an example is to show one thing.
std::string other_faults(std::string_view example, const Rule* but = nullptr) {
  std::string out;
  for (const auto& fault : linting::read(example).faults) {
    if (but != nullptr && fault.rule == but->name) continue;
    out += std::string(fault.rule) + ": " + fault.message + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("lint/catalogue: every rule has a name and a code of its own, and says what it is") {
  std::set<std::string_view> names;
  REQUIRE_FALSE(policy::lint::rules().empty());
  for (const auto* const each : policy::lint::rules()) {
    const auto& rule = *each;
    CAPTURE(rule.name);
    CHECK(is_kebab(rule.name));
    CHECK(is_code(rule.code));
    CHECK(names.insert(rule.name).second);
    CHECK(names.insert(rule.code).second);
    CHECK_FALSE(rule.since.empty());
    CHECK_FALSE(rule.summary.empty());
    CHECK_FALSE(rule.summary.ends_with('.'));
    CHECK(rule.rationale.size() > 60);
    CHECK(rule.rationale.ends_with('.'));
    CHECK(policy::lint::find_rule(rule.name) == &rule);
    CHECK(policy::lint::find_rule(rule.code) == &rule);
  }
}

TEST_CASE("lint/catalogue: every rule finds exactly what is marked in its bad example") {
  for (const auto* const each : policy::lint::rules()) {
    const auto& rule = *each;
    CAPTURE(rule.name);
    auto expected = marked(rule.bad);
    REQUIRE_FALSE(expected.empty());
    const auto outcome = outcome_of(rule.bad);
    auto found = linting::places_of(outcome, rule.name);
    std::ranges::sort(expected);
    std::ranges::sort(found);
    CHECK(found == expected);
    CHECK(other_faults(rule.bad, &rule) == "");
  }
}

TEST_CASE(
    "lint/catalogue: every rule is silent about its good example, a policy that can be used") {
  for (const auto* const each : policy::lint::rules()) {
    const auto& rule = *each;
    CAPTURE(rule.name);
    REQUIRE_FALSE(rule.good.empty());
    CHECK(linting::places_of(outcome_of(rule.good), rule.name) == std::vector<std::string>{});
    CHECK(other_faults(rule.good) == "");
  }
}

TEST_CASE("lint/catalogue: a rule that says it has a fix has one, and the others have none") {
  for (const auto* const each : policy::lint::rules()) {
    const auto& rule = *each;
    CAPTURE(rule.name);
    const auto outcome = outcome_of(rule.bad);
    const auto found = findings_of(outcome, rule);
    const bool has_fix =
        std::ranges::any_of(found, [](const auto* finding) { return finding->fix.has_value(); });
    CHECK(has_fix == (rule.fix != policy::lint::FixKind::none));
  }
}

TEST_CASE("lint/catalogue: what a finding says is written as everywhere else") {
  for (const auto* const each : policy::lint::rules()) {
    const auto& rule = *each;
    CAPTURE(rule.name);
    const auto outcome = outcome_of(rule.bad);
    for (const auto* finding : findings_of(outcome, rule)) {
      CAPTURE(finding->message);
      CHECK(finding->message.size() > 5);
      CHECK_FALSE(finding->message.ends_with('.'));
      const bool starts_high = finding->message[0] >= 'A' && finding->message[0] <= 'Z';
      CHECK((!starts_high || rule.code == "RB001"));  // TOML's library has its own style
      CHECK_FALSE((finding->path.empty() && !finding->is_fault && !rule.code.starts_with("RB9")));
    }
  }
}

TEST_CASE("lint/catalogue: what keeps a policy from being used has a page, and is an error") {
  namespace rule = policy::rule;
  for (const auto name :
       {rule::kTomlSyntax, rule::kUnknownKey, rule::kWrongType, rule::kPolicyVersion,
        rule::kDuplicateDefinition, rule::kBadInclude, rule::kPolicyTooLarge, rule::kMalformedValue,
        rule::kMissingKey, rule::kUndefinedRole, rule::kUndefinedScope, rule::kUndefinedOrg,
        rule::kInheritanceCycle, rule::kTtlOverCap}) {
    CAPTURE(name);
    const auto* found = policy::lint::find_rule(name);
    REQUIRE(found != nullptr);
    CHECK(found->severity == policy::lint::Severity::error);
  }
}
