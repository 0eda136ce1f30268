#include <algorithm>
#include <map>

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/codec/toml_lexer.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/names.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kRules[] = {
    {.name = "confusable-name",
     .code = "RB601",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A name that looks like another one, or mixes alphabets in a word",
     .rationale =
         "A Cyrillic `а` is drawn like a Latin `a`, a full-width letter nearly like a plain one, "
         "and "
         "`rn` like `m`. A name that looks like another one passes every review, and what is "
         "granted "
         "to it is granted to somebody else. Two names of one kind are compared in the form that "
         "Unicode has for this (UTS #39), and a word that mixes Latin, Greek, Cyrillic, full-width "
         "or "
         "mathematical letters is reported by itself. Words of different alphabets beside each "
         "other "
         "are fine.",
     .bad = R"(version = 1
[roles.hr-admin]
scopes = ["hr:write"]
[[grant]]
role = "hr-admin"
groups = ["okta:Finance-adrnin", "okta:Finance-admin"]
#                                ^
)",
     .good = R"(version = 1
[roles.hr-admin]
scopes = ["hr:write"]
[[grant]]
role = "hr-admin"
groups = ["okta:Finance-admin", "okta:Продажи-EU"]
)"},
    {.name = "bidi-or-invisible",
     .code = "RB602",
     .severity = Severity::error,
     .fix = FixKind::safe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "Something in the file cannot be seen, or changes how the rest is shown",
     .rationale =
         "Zero-width characters make two names that look the same; marks of direction show a line "
         "in "
         "another order than it is read in, so that a comment seems to be a grant; tags carry text "
         "that only a program sees. None of them belongs in a name. In comments and descriptions, "
         "joiners and variation selectors are left alone, because emoji are written with them.",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:H\u200BR"]
#         ^
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
)"},
    {.name = "near-duplicate-name",
     .code = "RB603",
     .severity = Severity::warning,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A name that is another one with a slip of the keyboard",
     .rationale =
         "Groups and orgs are compared byte for byte, and nothing says that `okta:platfrom-admins` "
         "does not exist: the grant is for nobody, until somebody makes a group of that name. Told "
         "are two swapped letters, a doubled letter, and one that is missing, added or another "
         "inside "
         "a longer word; in names of more than eight letters also letters that moved. Numbers, "
         "endings, first letters, short words, names that are used three times or more, families "
         "of "
         "names and names that the IdP or the servers list (`--groups`, `--tools`) are not slips.",
     .bad = R"(version = 1
[roles.deployer]
scopes = ["code:deploy"]
[[grant]]
role = "deployer"
groups = ["okta:platform-admins"]
[[grant]]
role = "deployer"
groups = ["okta:platfrom-admins"]
#         ^
)",
     .good = R"(version = 1
[roles.deployer]
scopes = ["code:deploy"]
[[grant]]
role = "deployer"
groups = ["okta:platform-admins", "okta:platform-admins-eu", "okta:team-1", "okta:team-2"]
)"},
    {.name = "unnormalised-name",
     .code = "RB604",
     .severity = Severity::warning,
     .fix = FixKind::safe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary =
         "A name with blanks around it, not in NFC, or that differs from another only in case",
     .rationale =
         "Names are compared byte for byte. `é` can be written as one character or as two, and a "
         "blank at the end is not seen; an identity provider that writes the name the other way "
         "then "
         "names another group. Write names in Unicode's composed form (NFC) without blanks around "
         "them, and in one case.",
     .bad = R"(version = 1
[roles." hr"]
#      ^
scopes = ["hr:read"]
[[grant]]
role = " hr"
groups = ["okta:HR", "okta:hr"]
#                    ^
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR", "okta:Élysée"]
)"},
    {.name = "opaque-group-id",
     .code = "RB606",
     .severity = Severity::info,
     .fix = FixKind::none,
     .audience = Audience::pedantic,
     .since = "0.1.0",
     .summary = "A group that is a GUID or SID, without a word about who that is",
     .rationale =
         "Entra and Active Directory name groups by numbers, and nobody who reviews the policy can "
         "tell one from another. Put the group's name in a comment in the same line, or say in the "
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
)"},
};

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

/// Whether a comment stands behind this place in its line.
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

}  // namespace

void check_opaque(const Subject& subject, Findings& findings) {
  std::map<std::string_view, SourceText> texts;
  for (const auto& source : subject.reading.sources)
    texts.try_emplace(source.file, source.text);
  for (const auto& grant : subject.policy().grants) {
    if (!grant.reason.empty()) continue;
    for (const auto& group : grant.groups) {
      const auto id = std::string_view(group.value).substr(group.value.find(':') + 1);
      if (!is_guid(id) && !is_sid(id)) continue;
      const auto text = texts.find(group.place.file);
      if (text != texts.end() && has_comment(text->second, group.place.span)) continue;
      auto& finding = findings.add("opaque-group-id", group.place,
                                   "group `" + group.value + "` is a number that says nothing");
      finding.hint = "put the group's name in a comment behind it";
      finding.path = "groups[" + json::quote(group.value) + "]";
    }
  }
}

std::span<const Rule> names_rules() {
  return kRules;
}

void check_names(const Subject& subject, Findings& findings) {
  const auto names = names_of(subject);
  check_hidden(subject, names, findings);
  check_confusable(names, findings);
  check_near(names, findings);
  check_unnormalised(names, findings);
  check_opaque(subject, findings);
}

}  // namespace mcpauth::policy::lint
