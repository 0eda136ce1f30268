#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/codec/toml_lexer.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kOpaqueGroupId{
    .name = "opaque-group-id",
    .code = "RB606",
    .severity = Severity::info,
    .fix = FixKind::none,
    .audience = Audience::pedantic,
    .since = "0.1.0",
    .summary = "A group that is a GUID or SID, and nothing says who it is",
    .rationale =
        "Entra and Active Directory identify groups by numbers, and a reviewer cannot tell one "
        "from another. Put the group's name in a comment on the same line, or say in the "
        "grant's `reason` who it is.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["entra:0f8fad5b-d9cb-469f-a165-70867728950e"]
#         ^
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["entra:0f8fad5b-d9cb-469f-a165-70867728950e"]  # HR-Europe
)"};

constexpr const Rule* kRules[] = {&kOpaqueGroupId};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_guid(std::string_view text) {
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  const auto parts = text::split(text, '-');
  constexpr std::size_t kSizes[] = {8, 4, 4, 4, 12};
  return std::ranges::equal(parts, kSizes, {}, &std::string_view::size) &&
         std::ranges::all_of(parts, [](auto part) { return std::ranges::all_of(part, is_hex); });
}

bool is_sid(std::string_view text) {
  return text.starts_with("S-1-") &&
         text.find_first_not_of("0123456789-", 2) == std::string_view::npos;
}

/// Whether a comment follows this place in its line.
bool has_comment(const SourceText& text, const toml::Span& span) {
  const auto begin = text.offset(span.end_line, span.end_column);
  const auto line = text.line(span.end_line);
  const auto end = text.line_begin(span.end_line) + line.size();
  for (auto at = begin; at < end;) {
    const auto lexeme = toml::first_lexeme(text.text().substr(at, end - at));
    if (lexeme.kind == toml::Lexeme::Kind::comment) return true;
    at += lexeme.text.size();
  }
  return false;
}

void check(Context& context, Findings& findings) {
  for (const auto& grant : context.policy().grants) {
    if (!grant.reason.empty()) continue;
    for (const auto& group : grant.groups) {
      const auto id = std::string_view(group.value).substr(group.value.find(':') + 1);
      if (!is_guid(id) && !is_sid(id)) continue;
      const auto* const text = context.text(group.place.file);
      if (text != nullptr && has_comment(*text, group.place.span)) continue;
      auto& finding =
          findings.add(kOpaqueGroupId, group.place,
                       text::format("group `{}` is a number that says nothing", group.value));
      finding.hint = "put the group's name in a comment after it";
      finding.path = text::format("groups[{}]", json::quote(group.value));
    }
  }
}

}  // namespace

RuleGroup opaque_group_id() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
