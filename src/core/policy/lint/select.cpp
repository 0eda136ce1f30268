#include "core/policy/lint/select.hpp"

#include <algorithm>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/rules/catalogue.hpp"

namespace mcpauth::policy::lint {
namespace {

/// Whether the text may be a code or the start of one, such as "RB2" or "rb201".
bool is_code_prefix(std::string_view text) {
  constexpr std::size_t kMost = 5;
  return text.size() <= kMost && text::lowered(text).starts_with("rb");
}

bool names(std::string_view word, const Rule& rule) {
  if (rule.name == word) return true;
  return is_code_prefix(word) && text::lowered(rule.code).starts_with(text::lowered(word));
}

bool any_names(const std::vector<std::string>& words, const Rule& rule) {
  return std::ranges::any_of(words, [&](const auto& word) { return names(word, rule); });
}

/// Whether a rule is selected by its own name or code, not by the start of several codes.
bool is_selected_alone(const std::vector<std::string>& words, const Rule& rule) {
  return std::ranges::any_of(words, [&](const auto& word) { return find_rule(word) == &rule; });
}

Result<void> check_words(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    const bool known =
        std::ranges::any_of(rules(), [&](const Rule& rule) { return names(word, rule); });
    if (known) continue;
    std::vector<std::string_view> all;
    for (const auto& rule : rules())
      all.push_back(rule.name);
    const auto hint = text::did_you_mean(word, all);
    return Error{.code = Errc::usage,
                 .message = text::format("no rule is called `{}`", word),
                 .hint = hint.empty() ? "see mcpauth rbac lint --list-rules" : hint};
  }
  return {};
}

}  // namespace

Result<void> check(const Selection& selection) {
  TRY_VOID(check_words(selection.select));
  return check_words(selection.ignore);
}

Choice::Choice(const Selection& selection, const policy::Policy& policy) {
  std::vector<std::string_view> levels(rules().size());
  for (const auto& set : policy.lint_rules) {
    const auto* rule = find_rule(set.name.value);
    if (rule == nullptr) continue;
    auto& level = levels[static_cast<std::size_t>(rule - rules().data())];
    if (level.empty()) level = set.level.value;
  }
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const Rule& rule = rules()[i];
    const auto level = severity_named(levels[i]);
    Entry entry{.state = State::active, .severity = level.value_or(rule.severity)};
    const bool is_selected = selection.select.empty() || any_names(selection.select, rule);
    const bool is_for_others =
        rule.audience == Audience::pedantic && selection.persona != Persona::pedantic;
    if (!is_selected || any_names(selection.ignore, rule) || levels[i] == "off" ||
        entry.severity < selection.min_severity) {
      entry.state = State::off;
    } else if (is_for_others && !level && !is_selected_alone(selection.select, rule)) {
      entry.state = State::hidden_by_persona;
    }
    entries_.push_back(entry);
  }
}

const Choice::Entry& Choice::entry(const Rule& rule) const {
  return entries_[static_cast<std::size_t>(&rule - rules().data())];
}

}  // namespace mcpauth::policy::lint
