#include "core/policy/lint/rules/suppressions/suppressions.hpp"

#include <algorithm>
#include <ranges>
#include <vector>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/rules/catalogue.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

using Named = Directive::Named;

constexpr Rule kSuppressionWithoutReason{
    .name = "suppression-without-reason",
    .code = "RB901",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A comment silences a rule and does not say why",
    .rationale =
        "The next reader of the policy has to judge whether the exception still holds, and "
        "needs its reason to do so. So a comment without a reason silences nothing. Write the "
        "reason after the brackets: `# mcpauth: ignore[rule] the reason`.",
    .bad = R"(version = 1
[roles.admin]
scopes = ["**"]  # mcpauth: ignore[global-wildcard]
#                ^
)",
    .good = R"(version = 1
[roles.admin]
scopes = ["**"]  # mcpauth: ignore[global-wildcard, unreachable-role] break glass, see HR-12
)"};

constexpr Rule kUnusedSuppression{
    .name = "unused-suppression",
    .code = "RB902",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A comment silences a rule that finds nothing there",
    .rationale =
        "The problem that the comment was written for is gone, or the comment is on the wrong "
        "line. Left in place, it would silence whatever the rule finds on that line later, "
        "which nobody has judged. After other text, a comment applies to its own line; on a "
        "line of its own, to the next line that is more than a comment. A comment is not "
        "reported if its rule did not run, because the policy cannot be used or an input was "
        "not given.",
    .bad = R"(version = 1
[roles.hr]
# mcpauth: ignore[duplicate-key-by-case] HR is spelt so in Okta
#<
scopes = ["hr:read"]
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[roles.HR]  # mcpauth: ignore[duplicate-key-by-case] HR is spelt so in Okta
scopes = ["hr:write"]
)"};

constexpr Rule kExpiredSuppression{
    .name = "expired-suppression",
    .code = "RB903",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "The date until which a comment silences a rule has passed, or is not a date",
    .rationale =
        "`until=` is a promise to look again by that date. From the day after, the comment "
        "silences nothing, and what it hid is reported again, together with this finding. Fix "
        "what is found, or decide again and write a later date.",
    .bad = R"(version = 1
[roles.admin]
scopes = ["**"]  # mcpauth: ignore[global-wildcard] until the split; until=2026-06-30
#                ^
)",
    .good = R"(version = 1
[roles.admin]
scopes = ["**"]  # mcpauth: ignore[global-wildcard] until the split; until=2027-06-30
)"};

constexpr Rule kUnknownRuleInSuppression{
    .name = "unknown-rule-in-suppression",
    .code = "RB904",
    .severity = Severity::error,
    .fix = FixKind::unsafe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A comment silences a rule that does not exist",
    .rationale =
        "A misspelt rule is not silenced: either the finding is still reported and nobody sees "
        "why, or there is nothing to silence and the comment is wrong. `mcpauth rbac lint "
        "--list-rules` prints the names. Codes such as RB201 can be used too.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[roles.HR]  # mcpauth: ignore[duplicate-key-by-cas] HR is spelt so in Okta
#                             ^
scopes = ["hr:write"]
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[roles.HR]  # mcpauth: ignore[duplicate-key-by-case] HR is spelt so in Okta
scopes = ["hr:write"]
)"};

constexpr Rule kBlanketSuppression{
    .name = "blanket-suppression",
    .code = "RB905",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A comment silences every rule, or does not say which",
    .rationale =
        "`ignore[*]` also silences what somebody breaks on that line tomorrow, and `ignore` "
        "without a list silences nothing at all. Name the rules that were judged, as in `# "
        "mcpauth: ignore[global-wildcard] the reason`.",
    .bad = R"(version = 1
[roles.admin]
scopes = ["**"]  # mcpauth: ignore[*] break glass, see HR-12
#                ^
)",
    .good = R"(version = 1
[roles.admin]
scopes = ["**"]  # mcpauth: ignore[global-wildcard] break glass, see HR-12
)"};

constexpr const Rule* kRules[] = {&kSuppressionWithoutReason, &kUnusedSuppression,
                                  &kExpiredSuppression, &kUnknownRuleInSuppression,
                                  &kBlanketSuppression};

/// What a baseline knows a finding about a comment by: `ignore[rule,rule]`.
std::string path_of(const Directive& directive) {
  const auto names = std::views::transform(directive.names, &Named::name);
  return text::format("ignore[{}]", text::join(std::vector(names.begin(), names.end()), ","));
}

std::string path_of(const Named& named) {
  return text::format("ignore[{}]", named.name);
}

void check_blanket(const Directive& directive, Findings& findings) {
  const bool all = std::ranges::find(directive.names, "*", &Named::name) != directive.names.end();
  if (all) {
    auto& finding = findings.add(kBlanketSuppression, directive.place,
                                 text::format("every rule is silenced in line {}", directive.line));
    finding.hint = "name the rules that were judged instead of `*`";
    finding.path = path_of(directive);
  } else if (directive.names.empty()) {
    auto& finding =
        findings.add(kBlanketSuppression, directive.place, "it names no rule and silences nothing");
    finding.hint = "write ignore[rule] and the reason";
    finding.path = path_of(directive);
  }
}

void check_time(const Directive& directive, Instant now, Findings& findings) {
  if (directive.until_text.empty()) return;
  if (!directive.until) {
    auto& finding = findings.add(kExpiredSuppression, directive.place,
                                 text::format("{} is not a date, so the comment silences nothing",
                                              text::quoted(directive.until_text)));
    finding.hint = "write it like until=2027-01-31";
    finding.path = path_of(directive);
  } else if (directive.is_expired(now)) {
    auto& finding =
        findings.add(kExpiredSuppression, directive.place,
                     text::format("the comment silences nothing any more: it was valid until {}",
                                  directive.until_text));
    finding.hint = "fix what it hid, or decide again and write a later date";
    finding.path = path_of(directive);
  }
}

/// Looks for the rule that was meant, the first hundred times only: a file of nothing but misspelt
/// comments must not take minutes.
class Speller {
 public:
  Speller() {
    for (const auto* rule : rules())
      known_.push_back(rule->name);
  }
  std::optional<std::string_view> nearest(std::string_view word) {
    constexpr unsigned kMost = 100;
    return asked_++ < kMost ? text::nearest(word, known_) : std::nullopt;
  }

 private:
  std::vector<std::string_view> known_;
  unsigned asked_ = 0;
};

void check_names(const Directive& directive, Speller& speller, Findings& findings) {
  for (const auto& named : directive.names) {
    if (named.rule != nullptr || named.name == "*") continue;
    auto& finding = findings.add(
        kUnknownRuleInSuppression, named.place,
        text::format("{} is not a rule, so it silences nothing", text::quoted(named.name)));
    finding.path = path_of(named);
    const auto near = speller.nearest(named.name);
    finding.hint = near ? text::format("did you mean {}?", text::quoted(*near))
                        : "see mcpauth rbac lint --list-rules for the rules";
    if (near) {
      finding.fix =
          Fix{"write " + text::quoted(*near), {{.place = named.place, .text = std::string(*near)}}};
    }
  }
}

/// The name with the comma between it and its neighbour.
Place with_comma(const Directive& directive, std::size_t index) {
  auto place = directive.names[index].place;
  if (index > 0) {
    place.span.column = directive.names[index - 1].place.span.end_column;
  } else {
    place.span.end_column = directive.names[1].place.span.column;
  }
  return place;
}

void check_use(const Directive& directive, const std::function<bool(const Rule&)>& is_judged,
               Findings& findings) {
  const auto is_idle = [&](const Named& named) {
    return !named.is_used && named.rule != nullptr && is_judged(*named.rule);
  };
  if (std::ranges::all_of(directive.names, is_idle)) {
    auto& finding = findings.add(
        kUnusedSuppression, directive.place,
        text::format("the comment silences nothing: no such finding in line {}", directive.line));
    finding.hint = "take the comment out";
    finding.path = path_of(directive);
    finding.fix = Fix{"take the comment out", {{.place = directive.removal, .text = ""}}};
    return;
  }
  for (std::size_t i = 0; i < directive.names.size(); ++i) {
    const auto& named = directive.names[i];
    if (!is_idle(named)) continue;
    auto& finding = findings.add(
        kUnusedSuppression, named.place,
        text::format("{} silences nothing in line {}", text::quoted(named.name), directive.line));
    finding.hint = "take it out of the list";
    finding.path = path_of(named);
    finding.fix = Fix{text::format("take {} out of the list", text::quoted(named.name)),
                      {{.place = with_comma(directive, i), .text = ""}}};
  }
}

}  // namespace

RuleGroup suppressions() {
  return {kRules};
}

void check_directives(std::span<const Directive> directives, Instant now,
                      const std::function<bool(const Rule&)>& is_judged, Findings& findings) {
  Speller speller;
  for (const auto& directive : directives) {
    check_blanket(directive, findings);
    if (directive.has_list && directive.reason.empty()) {
      auto& finding = findings.add(kSuppressionWithoutReason, directive.place,
                                   "it gives no reason, so nothing is silenced");
      finding.hint = "write the reason after the brackets";
      finding.path = path_of(directive);
    }
    check_time(directive, now, findings);
    check_names(directive, speller, findings);
    if (directive.counts(now)) check_use(directive, is_judged, findings);
  }
}

const Rule& unused_suppression() {
  return kUnusedSuppression;
}

}  // namespace mcpauth::policy::lint
