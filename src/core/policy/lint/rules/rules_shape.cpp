#include <array>
#include <cctype>
#include <unordered_map>

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/rules/catalogue.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/shape_examples.hpp"

namespace mcpauth::policy::lint {
namespace {

namespace rule = policy::rule;

constexpr std::string_view kCaseTwin = "duplicate-key-by-case";

constexpr Rule kRules[] = {
    {.name = rule::kTomlSyntax,
     .code = "RB001",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "The file is no TOML",
     .rationale = "Nothing of a policy is used when a part of it cannot be read: half a policy "
                  "could grant too much. The reader stops at the first place, so another may show "
                  "when this one is mended. Files are TOML 1.0 in UTF-8 without BOM, and beyond "
                  "ASCII only in strings and comments.",
     .bad = example::kTomlSyntaxBad,
     .good = example::kTomlSyntaxGood},
    {.name = rule::kUnknownKey,
     .code = "RB002",
     .severity = Severity::error,
     .fix = FixKind::unsafe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A key or lint rule that means nothing",
     .rationale =
         "A key that is skipped in silence is the most expensive mistake of a policy: "
         "`inherit` for `inherits` would grant nothing, `denied` for `deny` would grant "
         "too much. So it is an error, and the policy is not used. The same goes for a "
         "name in [lint.rules] that no rule has, except that the policy can still be used.",
     .bad = example::kUnknownKeyBad,
     .good = example::kUnknownKeyGood},
    {.name = rule::kWrongType,
     .code = "RB003",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A value of the wrong type",
     .rationale = "`scopes = \"a b\"` is not the list it looks like. Values are taken as written "
                  "and never converted, so that nobody has to guess what a policy grants.",
     .bad = example::kWrongTypeBad,
     .good = example::kWrongTypeGood},
    {.name = rule::kPolicyVersion,
     .code = "RB004",
     .severity = Severity::error,
     .fix = FixKind::safe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A file without a version, or with one that is not known",
     .rationale = "What a policy means depends on its version. Every file, an included one too, "
                  "begins with `version = 1`, so that a later version can change a meaning without "
                  "changing what this file grants.",
     .bad = example::kPolicyVersionBad,
     .good = example::kPolicyVersionGood},
    {.name = kCaseTwin,
     .code = "RB005",
     .severity = Severity::warning,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "Two definitions whose names differ only in the case of letters",
     .rationale = "Names are compared byte for byte, so `[roles.Dev]` and `[roles.dev]` are two "
                  "roles. A reviewer reads one for the other, and so does whoever writes the next "
                  "grant. Give one of them a name that cannot be mistaken, or join them.",
     .bad = example::kCaseTwinBad,
     .good = example::kCaseTwinGood},
    {.name = rule::kDuplicateDefinition,
     .code = "RB006",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "Something is defined a second time",
     .rationale =
         "Within one file TOML refuses a second table of a name; across files, and for the "
         "names of separations, we do. Which of the two counts would otherwise depend on "
         "the order of the includes. Keep one.",
     .bad = example::kDuplicateBad,
     .good = example::kDuplicateGood},
    {.name = rule::kBadInclude,
     .code = "RB007",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A file that cannot be included",
     .rationale = "An include names a file relative to the one that includes it, below the folder "
                  "of the first file. Ways out of it, links that lead out, missing files, folders "
                  "and circles are refused: who may write a policy is who may write that folder.",
     .bad = example::kIncludeBad,
     .good = example::kIncludeGood},
    {.name = rule::kPolicyTooLarge,
     .code = "RB008",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A policy beyond the limits",
     .rationale = "A policy has at most 100 files of 32 MB together, 10,000 roles and 100,000 "
                  "grants, tools and scopes each, so that deciding by it takes a known time. One "
                  "that is larger is usually generated: grant to groups instead of people, and use "
                  "patterns.",
     .bad = example::kTooLargeBad,
     .good = example::kTooLargeGood},
    {.name = rule::kMalformedValue,
     .code = "RB009",
     .severity = Severity::error,
     .fix = FixKind::unsafe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A value that is not well-formed",
     .rationale = "Scopes are segments joined by `:`, and a wildcard is a whole segment; tools are "
                  "`server/tool`; groups begin with the name of their IdP; a ttl is 5 to 15 "
                  "minutes. A value that merely looks like one, such as `db:re*`, would match "
                  "nothing or too much.",
     .bad = example::kMalformedBad,
     .good = example::kMalformedGood},
    {.name = rule::kMissingKey,
     .code = "RB010",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A key that must be there is not",
     .rationale = "A grant without a role or without groups, and a separation without its name or "
                  "scopes, says nothing that could be applied. Absent never means all.",
     .bad = example::kMissingBad,
     .good = example::kMissingGood},
};

/// What would mend a fault, where it is known what was meant.
std::optional<Fix> fix_of(const policy::Fault& fault) {
  const auto& span = fault.place.span;
  if (fault.rule == rule::kPolicyVersion) {
    const bool is_missing = span.line == 1 && span.column == 1 && span.end_column == 1;
    if (!is_missing) return std::nullopt;
    return Fix{"begin the file with version = 1", {{fault.place, "version = 1\n"}}};
  }
  if (!fault.instead) return std::nullopt;
  // A key that was meant is one of ours, which need no quotes; everything else is a string.
  const bool is_key = fault.rule == rule::kUnknownKey;
  auto text = is_key ? *fault.instead : json::quote(*fault.instead);
  return Fix{"write `" + *fault.instead + "`", {{fault.place, std::move(text)}}};
}

void add_fault(const policy::Fault& fault, Findings& findings) {
  auto& finding = findings.add(fault.rule, fault.place, fault.message);
  finding.hint = fault.hint;
  finding.related = fault.related;
  finding.is_fault = true;
  if (finding.rule->fix != FixKind::none) finding.fix = fix_of(fault);
}

std::string folded(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

/// Reports each name whose letters are those of an earlier one in another case.
template <class Items, class NameOf>
void check_case(const Items& items, std::string_view table, std::string_view what, NameOf name_of,
                Findings& findings) {
  std::unordered_map<std::string, const policy::Text*> seen;
  for (const auto& item : items) {
    const policy::Text& name = name_of(item);
    const auto [first, is_new] = seen.try_emplace(folded(name.value), &name);
    if (is_new || first->second->value == name.value) continue;
    auto& finding = findings.add(kCaseTwin, name.place,
                                 std::string(what) + " `" + name.value + "` and `" +
                                     first->second->value + "` differ only in case");
    finding.label = "another " + std::string(what);
    finding.related.push_back({first->second->place, "defined here"});
    finding.hint = "give one of them another name, or join them";
    finding.path = std::string(table) + "." + name.value;
  }
}

void check_cases(const policy::Policy& policy, Findings& findings) {
  const auto name_of = [](const auto& item) -> const policy::Text& { return item.name; };
  check_case(policy.scopes, "scopes", "scope", name_of, findings);
  check_case(
      policy.tools, "tools", "tool",
      [](const policy::Tool& tool) -> const policy::Text& { return tool.pattern; }, findings);
  check_case(policy.roles, "roles", "role", name_of, findings);
  check_case(policy.orgs, "orgs", "org", name_of, findings);
}

/// Rules in [lint.rules] that there are not: unlike other unknown keys no fault, because which
/// rules there are differs from one version of this program to the next.
void check_lint_rules(const policy::Policy& policy, Findings& findings) {
  std::vector<std::string_view> known;
  for (const auto& one : rules())
    known.push_back(one.name);
  constexpr std::size_t kMost = 100;  // more than that is a list of something else
  std::size_t looked_up = 0;
  for (const auto& set : policy.lint_rules) {
    if (const auto* found = find_rule(set.name.value); found != nullptr) continue;
    auto& finding = findings.add(rule::kUnknownKey, set.name.place,
                                 "no lint rule is called `" + set.name.value + "`");
    finding.path = "lint.rules." + set.name.value;
    const auto near = looked_up++ < kMost ? text::nearest(set.name.value, known) : std::nullopt;
    if (!near) {
      finding.hint = "see mcpauth rbac lint --list-rules for the rules";
      continue;
    }
    finding.hint = "did you mean `" + std::string(*near) + "`?";
    finding.fix = Fix{"write `" + std::string(*near) + "`", {{set.name.place, std::string(*near)}}};
  }
}

}  // namespace

std::span<const Rule> shape_rules() {
  return kRules;
}

void check_shape(const Subject& subject, Findings& findings) {
  for (const auto& fault : subject.reading.faults)
    add_fault(fault, findings);
  check_cases(subject.policy(), findings);
  check_lint_rules(subject.policy(), findings);
}

}  // namespace mcpauth::policy::lint
