#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/codec/text.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/source/source_text.hpp"

/// One family of rules over a policy in memory.
namespace linting {

namespace lint = mcpauth::policy::lint;
namespace policy = mcpauth::policy;
namespace analysis = mcpauth::policy::analysis;

/// 2027-01-01T00:00:00Z
inline constexpr mcpauth::Instant kNewYear{std::chrono::seconds(1'798'761'600)};

using Check = void (*)(const policy::lint::Subject&, policy::lint::Findings&);

/// A policy with all that rules ask for.
struct World {
  policy::Reading reading;
  std::optional<policy::Engine> engine = {};
  policy::analysis::WitnessScopes universe = {};
  policy::analysis::Effective effective = {};

  explicit World(std::string_view text, mcpauth::Instant now = kNewYear,
                 std::size_t most_scopes = 50'000)
      : reading(policy::read(text, "rbac.toml", nullptr)) {
    if (!reading.faults.empty()) return;
    engine.emplace(reading.policy);
    const policy::Policy* const one = &engine->policy();
    universe = policy::analysis::witness_scopes({&one, 1}, most_scopes);
    effective = policy::analysis::effective_of(*engine, policy::analysis::org_groups_of({&one, 1}),
                                               universe.scopes, now);
  }

  policy::lint::Subject subject(const policy::lint::Inputs& inputs) const {
    policy::lint::Subject out{.reading = reading, .inputs = inputs};
    if (!engine) return out;
    out.engine = &*engine;
    out.universe = &universe;
    out.effective = &effective;
    return out;
  }
};

inline policy::lint::Inputs at_new_year() {
  policy::lint::Inputs inputs;
  inputs.now = kNewYear;
  return inputs;
}

inline policy::lint::Findings run(Check check, const World& world,
                                  const policy::lint::Inputs& inputs = at_new_year()) {
  policy::lint::Findings findings;
  check(world.subject(inputs), findings);
  return findings;
}

inline std::vector<policy::lint::Finding> found(
    Check check, std::string_view text, const policy::lint::Inputs& inputs = at_new_year()) {
  return run(check, World(text), inputs).take();
}

/// "4:11 rule-name" of each, one a line, in the order of the file.
inline std::string summary(std::vector<policy::lint::Finding> findings) {
  const auto place = [](const policy::lint::Finding& finding) {
    return std::tuple(finding.place.span.line, finding.place.span.column, finding.rule->code);
  };
  std::ranges::sort(findings, {}, place);
  std::string out;
  for (const auto& finding : findings) {
    out += std::to_string(finding.place.span.line) + ":" +
           std::to_string(finding.place.span.column) + " " + std::string(finding.rule->name) + "\n";
  }
  return out;
}

/// The only one of a rule.
inline policy::lint::Finding only(const std::vector<policy::lint::Finding>& findings,
                                  std::string_view rule) {
  std::vector<policy::lint::Finding> of_rule;
  for (const auto& finding : findings) {
    if (finding.rule->name == rule) of_rule.push_back(finding);
  }
  REQUIRE(of_rule.size() == 1);
  return of_rule.front();
}

/// The text with all edits of a fix made.
inline std::string fixed(std::string text, const policy::lint::Fix& fix) {
  auto edits = fix.edits;
  std::ranges::reverse(edits);
  for (const auto& edit : edits) {
    const policy::lint::SourceText source(text);
    const auto& span = edit.place.span;
    const auto begin = source.offset(span.line, span.column);
    const auto end = source.offset(span.end_line, span.end_column);
    REQUIRE(begin <= end);
    text = text.substr(0, begin) + edit.text + text.substr(end);
  }
  return text;
}

/// A rule's examples: the bad one is found where it is marked, the good one is not.
inline void check_examples(Check check, std::span<const policy::lint::Rule> rules,
                           const policy::lint::Inputs& inputs) {
  for (const auto& rule : rules) {
    CAPTURE(rule.name);
    std::string expected;
    unsigned above = 0;
    unsigned number = 0;
    for (const auto line : mcpauth::text::split(rule.bad, '\n')) {
      ++number;
      const bool is_mark = line == "#<" || (line.starts_with('#') && line.ends_with('^'));
      if (!is_mark) above = number;
      if (is_mark) {
        expected += std::to_string(above) + ":" + std::to_string(line == "#<" ? 1 : line.size()) +
                    " " + std::string(rule.name) + "\n";
      }
    }
    const auto of_rule = [&](std::string_view text) {
      REQUIRE(World(text).reading.faults.empty());
      auto all = found(check, text, inputs);
      std::erase_if(all, [&](const auto& finding) { return finding.rule->name != rule.name; });
      return all;
    };
    const auto bad = of_rule(rule.bad);
    CHECK(summary(bad) == expected);
    CHECK(std::ranges::any_of(bad, [](const auto& finding) { return finding.fix.has_value(); }) ==
          (rule.fix != policy::lint::FixKind::none));
    for (const auto& finding : bad) {
      CHECK_FALSE(finding.path.empty());
      CHECK_FALSE(finding.hint.empty());
    }
    CHECK(summary(of_rule(rule.good)) == "");
  }
}

}  // namespace linting
