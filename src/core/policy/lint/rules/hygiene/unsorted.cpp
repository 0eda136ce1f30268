#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/toml_lexer.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

using policy::Text;

constexpr Rule kUnsorted{
    .name = "unsorted",
    .code = "RB804",
    .severity = Severity::info,
    .fix = FixKind::safe,
    .audience = Audience::pedantic,
    .since = "0.1.0",
    .summary = "A list that is not sorted",
    .rationale =
        "In a sorted list every entry has one place, so a review shows only the line that is "
        "new, and nothing is added twice. The order of these lists does not change the policy. "
        "`--fix` does not sort a list with comments in it, because they would not move with "
        "their entries.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:write", "hr:read"]
#                     ^
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read", "hr:write"]
)"};

constexpr const Rule* kRules[] = {&kUnsorted};

/// Looks at the lists of a policy, with the text of its files at hand.
class Sorter {
 public:
  Sorter(Context& context, Findings& findings) : context_(context), findings_(findings) {}

  void check(const std::vector<Text>& list, const std::string& path) {
    const auto odd = std::ranges::is_sorted_until(list, {}, &Text::value);
    if (odd == list.end()) return;
    auto& finding =
        findings_.add(kUnsorted, odd->place,
                      text::format("`{}` comes after `{}`", odd->value, std::prev(odd)->value));
    finding.hint = "sort the list";
    finding.path = path;
    finding.fix = fix_of(list);
  }

 private:
  /// The text from the first to the last element, each put in its place; nothing where a comment
  /// would stay where it is.
  std::optional<Fix> fix_of(const std::vector<Text>& list) const {
    const auto* const text = context_.text(list.front().place.file);
    if (text == nullptr) return std::nullopt;
    const auto begin = text->line_begin(list.front().place.span.line);
    const auto last_line = list.back().place.span.end_line;
    const auto end = text->line_begin(last_line) + text->line(last_line).size();
    for (auto at = begin; at < end;) {
      const auto lexeme = toml::first_lexeme(text->text().substr(at, end - at));
      if (lexeme.kind == toml::Lexeme::Kind::comment) return std::nullopt;
      at += lexeme.text.size();
    }
    std::vector<const Text*> sorted;
    for (const auto& item : list)
      sorted.push_back(&item);
    std::ranges::stable_sort(sorted, {}, [](const Text* item) -> auto& { return item->value; });
    Fix fix{.title = "sort the list", .edits = {}};
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].value != sorted[i]->value)
        fix.edits.push_back({list[i].place, raw(*text, sorted[i]->place.span)});
    }
    return fix;
  }

  static std::string raw(const SourceText& text, const toml::Span& span) {
    const auto begin = text.offset(span.line, span.column);
    const auto end = text.offset(span.end_line, span.end_column);
    return std::string(text.text().substr(begin, end - begin));
  }

  Context& context_;
  Findings& findings_;
};

void check(Context& context, Findings& findings) {
  const auto& policy = context.policy();
  Sorter sorter(context, findings);
  for (const auto& tool : policy.tools)
    sorter.check(tool.needs, text::format("tools[{}]", json::quote(tool.pattern.value)));
  for (const auto& role : policy.roles) {
    const auto path = "roles." + role.name.value;
    sorter.check(role.inherits, path + ".inherits");
    sorter.check(role.scopes, path + ".scopes");
    sorter.check(role.deny, path + ".deny");
  }
  for (const auto& grant : policy.grants)
    sorter.check(grant.groups, text::format("grant[{}].groups", json::quote(grant.role.value)));
  for (const auto& org : policy.orgs) {
    if (org.idps) sorter.check(*org.idps, text::format("orgs.{}.idps", org.name.value));
  }
  for (const auto& separation : policy.separations)
    sorter.check(separation.never_both,
                 text::format("separation[{}]", json::quote(separation.name.value)));
}

}  // namespace

RuleGroup unsorted() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
