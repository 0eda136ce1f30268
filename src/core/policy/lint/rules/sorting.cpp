#include "core/policy/lint/rules/sorting.hpp"

#include <algorithm>
#include <map>

#include "core/codec/json.hpp"
#include "core/codec/toml_lexer.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {
namespace {

using policy::Text;

/// Looks at the lists of a policy, with the text of its files at hand.
class Sorter {
 public:
  Sorter(const Subject& subject, Findings& findings) : findings_(findings) {
    for (const auto& source : subject.reading.sources)
      texts_.try_emplace(source.file, source.text);
  }

  void check(const std::vector<Text>& list, const std::string& path) {
    const auto odd = std::ranges::is_sorted_until(list, {}, &Text::value);
    if (odd == list.end()) return;
    auto& finding =
        findings_.add("unsorted", odd->place,
                      "`" + odd->value + "` stands behind `" + std::prev(odd)->value + "`");
    finding.hint = "sort the list";
    finding.path = path;
    finding.fix = fix_of(list);
  }

 private:
  /// The text from the first to the last element, each put in its place; nothing where a comment
  /// would stay behind.
  std::optional<Fix> fix_of(const std::vector<Text>& list) const {
    const auto text = texts_.find(list.front().place.file);
    if (text == texts_.end()) return std::nullopt;
    const auto begin = text->second.line_begin(list.front().place.span.line);
    const auto last_line = list.back().place.span.end_line;
    const auto end = text->second.line_begin(last_line) + text->second.line(last_line).size();
    for (auto at = begin; at < end;) {
      const auto lexeme = toml::first_lexeme(text->second.text().substr(at, end - at));
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
        fix.edits.push_back({list[i].place, raw(text->second, sorted[i]->place.span)});
    }
    return fix;
  }

  static std::string raw(const SourceText& text, const toml::Span& span) {
    const auto begin = text.offset(span.line, span.column);
    const auto end = text.offset(span.end_line, span.end_column);
    return std::string(text.text().substr(begin, end - begin));
  }

  Findings& findings_;
  std::map<std::string_view, SourceText> texts_;
};

}  // namespace

void check_sorting(const Subject& subject, Findings& findings) {
  const auto& policy = subject.policy();
  Sorter sorter(subject, findings);
  for (const auto& tool : policy.tools)
    sorter.check(tool.needs, "tools[" + json::quote(tool.pattern.value) + "]");
  for (const auto& role : policy.roles) {
    const auto path = "roles." + role.name.value;
    sorter.check(role.inherits, path + ".inherits");
    sorter.check(role.scopes, path + ".scopes");
    sorter.check(role.deny, path + ".deny");
  }
  for (const auto& grant : policy.grants)
    sorter.check(grant.groups, "grant[" + json::quote(grant.role.value) + "].groups");
  for (const auto& org : policy.orgs) {
    if (org.idps) sorter.check(*org.idps, "orgs." + org.name.value + ".idps");
  }
  for (const auto& separation : policy.separations)
    sorter.check(separation.never_both, "separation[" + json::quote(separation.name.value) + "]");
}

}  // namespace mcpauth::policy::lint
