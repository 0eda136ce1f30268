#include "core/policy/test/run.hpp"

#include <algorithm>
#include <set>

#include "core/codec/format.hpp"
#include "core/policy/analysis/answer.hpp"
#include "core/policy/analysis/remedy.hpp"
#include "core/policy/analysis/who_can.hpp"
#include "core/policy/test/invariant.hpp"

namespace mcpauth::policy::test {
namespace {

using analysis::Question;
using policy::Engine;
using policy::Text;

constexpr std::size_t kMostTraced = 20;  // failures whose nearest change is looked for
constexpr std::size_t kMostLines = 10;

std::string line_of(const analysis::Route& route) {
  std::string roles;
  for (const auto* role : route.roles)
    roles += " → " + role->name.value;
  return text::format("{}: {}{} → {} at {}", route.is_deny ? "deny" : "allow", route.group, roles,
                      route.pattern->value, analysis::text_of(route.pattern->place));
}

std::vector<std::string> trace_of(const Engine& engine, const Question& question, Instant now) {
  const auto found = analysis::explain(engine, question, now);
  std::vector<std::string> out;
  if (found.decision.tool != nullptr) {
    const auto& pattern = found.decision.tool->pattern;
    out.push_back(text::format("decided by the entry `{}` at {}", pattern.value,
                               analysis::text_of(pattern.place)));
  }
  if (found.applied.empty()) out.emplace_back("no grant applies");
  for (const auto& scope : found.scopes) {
    if (scope.routes.empty())
      out.push_back(text::format("{}: no role held allows it", scope.scope));
    for (const auto& route : scope.routes) {
      if (out.size() < kMostLines)
        out.push_back(text::format("{}: {}", scope.scope, line_of(route)));
    }
  }
  return out;
}

std::string nearest_change(const Engine& engine, const Question& question, Instant now) {
  const auto remedies = ask(engine, question, now).allowed
                            ? analysis::remedies_against(engine, question, now)
                            : analysis::remedies_for(engine, question, now);
  if (remedies.list.empty()) return {};
  std::string out;
  for (const auto& edit : remedies.list.front().edits) {
    out += (out.empty() ? "" : ", and ") + edit.text;
    if (!edit.place.file.empty()) out += text::format(" ({})", analysis::text_of(edit.place));
  }
  return out;
}

class Runner {
 public:
  Runner(const Engine& engine, Instant now, Coverage& coverage)
      : engine_(engine), now_(now), coverage_(coverage) {}

  Outcome run(const Test& test) {
    Outcome out{.name = test.name.value, .place = test.name.place};
    for (const auto& item : test.allow)
      expect(test, item, true, out);
    for (const auto& item : test.deny)
      expect(test, item, false, out);
    if (test.can_exactly) expect_exactly(test, out);
    return out;
  }

 private:
  Question question_of(const Test& test, const std::string& asked) const {
    return {.principal = test.as, .asked = asked, .is_tool = is_tool(asked)};
  }

  void expect(const Test& test, const Text& item, bool is_allowed, Outcome& out) {
    const auto question = question_of(test, item.value);
    const auto decision = ask(engine_, question, now_);
    coverage_.add(question, decision, now_);
    ++out.checks;
    if (decision.allowed == is_allowed) return;
    fail(out, item.place, question,
         text::format("`{}` is {} ({}) and should be {}", item.value,
                      is_allowed ? "denied" : "allowed", decision.reason,
                      is_allowed ? "allowed" : "denied"));
  }

  void expect_exactly(const Test& test, Outcome& out) {
    std::set<std::string> wanted;
    for (const auto& tool : *test.can_exactly)
      wanted.insert(tool.value);
    for (const auto& power : analysis::powers_of(engine_, test.as, now_).tools) {
      const auto question = question_of(test, power.tool.name);
      const auto& shown = power.tool.pattern.empty() ? power.tool.name : power.tool.pattern;
      const bool is_wanted = wanted.contains(power.tool.name) || wanted.contains(shown);
      coverage_.add(question, ask(engine_, question, now_), now_);
      ++out.checks;
      if (power.is_allowed && !is_wanted)
        fail(out, test.name.place, question,
             text::format("`{}` may be called but is not listed", shown));
    }
    for (const auto& tool : *test.can_exactly) {
      const auto question = question_of(test, tool.value);
      if (!ask(engine_, question, now_).allowed)
        fail(out, tool.place, question,
             text::format("`{}` is listed but may not be called", tool.value));
    }
  }

  void fail(Outcome& out, const policy::Place& place, const Question& question,
            std::string message) {
    Failure failure{.place = place, .message = std::move(message)};
    failure.trace = trace_of(engine_, question, now_);
    if (traced_++ < kMostTraced) failure.change = nearest_change(engine_, question, now_);
    out.failures.push_back(std::move(failure));
  }

  const Engine& engine_;
  Instant now_;
  Coverage& coverage_;
  std::size_t traced_ = 0;
};

}  // namespace

std::vector<Outcome> run(const Suite& suite, const Engine& engine, Instant now,
                         Coverage& coverage) {
  const Instant at = suite.now.value_or(now);
  Runner runner(engine, at, coverage);
  std::vector<Outcome> out;
  for (const auto& test : suite.tests)
    out.push_back(runner.run(test));
  for (const auto& invariant : suite.invariants)
    out.push_back(check(invariant, engine, at));
  return out;
}

}  // namespace mcpauth::policy::test
