#include "core/policy/lint/explain.hpp"

#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/rules/catalogue.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view fix_text(FixKind fix) {
  switch (fix) {
    case FixKind::none:
      return "none";
    case FixKind::safe:
      return "safe";
    case FixKind::unsafe:
      return "unsafe";
  }
  return {};
}

constexpr std::string_view audience_text(Audience audience) {
  switch (audience) {
    case Audience::everybody:
      return "everybody";
    case Audience::pedantic:
      return "pedantic";
    case Audience::with_input:
      return "with-input";
  }
  return {};
}

std::string_view fix_sentence(FixKind fix) {
  switch (fix) {
    case FixKind::none:
      break;
    case FixKind::safe:
      return "Fix: --fix applies it when the policy permits the same before and after.\n";
    case FixKind::unsafe:
      return "Fix: --fix --unsafe-fixes applies it; review what it changed.\n";
  }
  return "Fix: by hand.\n";
}

std::string_view audience_sentence(Audience audience) {
  switch (audience) {
    case Audience::everybody:
      break;
    case Audience::pedantic:
      return "Active under --persona pedantic, when selected by name, or when its level is set.\n";
    case Audience::with_input:
      return "Active when it has the input it needs (--tools, --groups or --lock).\n";
  }
  return {};
}

/// Text in lines of at most 88 characters.
std::string wrapped(std::string_view text) {
  constexpr std::size_t kWidth = 88;
  std::string out;
  std::size_t column = 0;
  for (const auto word : text::split(text, ' ')) {
    if (column > 0 && column + 1 + word.size() > kWidth) {
      out += '\n';
      column = 0;
    }
    out.append(column > 0 ? " " : "").append(word);
    column += word.size() + (column > 0 ? 1 : 0);
  }
  return out + "\n";
}

std::string indented(std::string_view text) {
  std::string out;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const auto line : text::split(text, '\n'))
    out.append(line.empty() ? "" : "    ").append(line).append("\n");
  return out;
}

}  // namespace

std::string explain(const Rule& rule) {
  auto out = text::format("{} ({}, {}, since {})\n{}.\n\n{}\n", rule.name, rule.code,
                          name(rule.severity), rule.since, rule.summary, wrapped(rule.rationale));
  out += fix_sentence(rule.fix);
  out += audience_sentence(rule.audience);
  out += text::format("\nFound in:\n\n{}\nNot in:\n\n{}", indented(rule.bad), indented(rule.good));
  out += text::format(
      "\n"
      "To silence it in one place, with a reason and, optionally, an end date:\n"
      "\n"
      "    # mcpauth: ignore[{0}] the reason; until=2027-01-31\n"
      "\n"
      "To set its level in the whole policy:\n"
      "\n"
      "    [lint.rules.{0}]\n"
      "    level = \"off\"  # or info, warning, error\n",
      rule.name);
  return out;
}

json::Value explain_json(const Rule& rule) {
  return json::Object{{"name", rule.name},
                      {"code", rule.code},
                      {"severity", name(rule.severity)},
                      {"fix", fix_text(rule.fix)},
                      {"audience", audience_text(rule.audience)},
                      {"since", rule.since},
                      {"summary", rule.summary},
                      {"rationale", rule.rationale},
                      {"bad", rule.bad},
                      {"good", rule.good}};
}

std::string list_rules() {
  std::size_t longest = 0;
  for (const auto& rule : rules())
    longest = std::max(longest, rule.name.size());
  std::string out;
  for (const auto& rule : rules()) {
    out += text::format("{}  {:{}}  {:7}  {}\n", rule.code, rule.name, longest, name(rule.severity),
                        rule.summary);
  }
  return out;
}

json::Value list_rules_json() {
  json::Array list;
  for (const auto& rule : rules())
    list.push_back(explain_json(rule));
  return json::Object{{"schema", "mcpauth.rbac.rules/1"}, {"rules", std::move(list)}};
}

}  // namespace mcpauth::policy::lint
