#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "core/codec/time.hpp"
#include "core/codec/unicode.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/high_risk.hpp"
#include "core/policy/lint/rules/reach.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kRules[] = {
    {.name = policy::rule::kTtlOverCap,
     .code = "RB501",
     .severity = Severity::error,
     .fix = FixKind::safe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A role's ttl is longer than tokens may live",
     .rationale =
         "A token cannot be called back, so it lives 15 minutes at most, whatever a role says. "
         "A longer ttl is refused and not shortened in silence, because whoever wrote it "
         "counts on it.",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
ttl = "1h"
#     ^
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
ttl = "15m"
)"},
    {.name = "ttl-missing-high-risk",
     .code = "RB502",
     .severity = Severity::warning,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A role gives a scope of high risk and sets no ttl",
     .rationale = "Tokens for what can do most harm should live shortest, and should not change "
                  "their life when "
                  "somebody changes the issuer's default. Of high risk are the scopes that the "
                  "catalogue says so "
                  "of and, with `--tools`, what lets a tool be called that destroys (of the scopes "
                  "it needs those of the highest risk, unless all are low). A role is told "
                  "only where "
                  "somebody holds the scope through it and no other role that this somebody holds "
                  "has a ttl.",
     .bad = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.payments-lead]
#      ^
scopes = ["payments:approve"]
[[grant]]
role = "payments-lead"
groups = ["okta:HR"]
)",
     .good = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.payments-lead]
scopes = ["payments:approve"]
ttl = "5m"
[[grant]]
role = "payments-lead"
groups = ["okta:HR"]
)"},
    {.name = "grant-expired",
     .code = "RB503",
     .severity = Severity::warning,
     .fix = FixKind::safe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A grant that has expired",
     .rationale =
         "It gives nothing to anybody any more, and a reader has to work that out. Take it out, "
         "or write a later day if it was forgotten. Judged at `--now`.",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
expires = 2026-12-30
#         ^
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
expires = 2027-12-31
)"},
    {.name = "grant-expiring-soon",
     .code = "RB504",
     .severity = Severity::info,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A grant that expires within 30 days",
     .rationale =
         "Whoever needs it should hear of it before the calls begin to fail. How far to look is "
         "set with `--expiring`.",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
expires = 2027-01-15
#         ^
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
expires = 2027-06-30
)"},
    {.name = "permanent-break-glass",
     .code = "RB505",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "An emergency role is granted without an end or without a reason",
     .rationale = "Break glass that stays broken is an administrator nobody counts. A role whose "
                  "name says that "
                  "it is for emergencies (break-glass, emergency, firecall, oncall-root) is "
                  "granted for as long "
                  "as the emergency lasts: with `expires`, and with `reason` so that the next "
                  "reader knows which "
                  "one it was.",
     .bad = R"(version = 1
[roles.break-glass]
scopes = ["ops:restart"]
[[grant]]
role = "break-glass"
#      ^
groups = ["okta:Engineering"]
)",
     .good = R"(version = 1
[roles.break-glass]
scopes = ["ops:restart"]
[[grant]]
role = "break-glass"
groups = ["okta:Engineering"]
expires = 2027-02-02
reason = "INC-4711: the cluster lost its quorum"
)"},
};

using Texts = std::map<std::string_view, SourceText>;

Texts texts_of(const Subject& subject) {
  Texts texts;
  for (const auto& source : subject.reading.sources)
    texts.try_emplace(source.file, source.text);
  return texts;
}

/// Takes out a [[grant]] from its header to its last line, and one blank line behind it; nothing
/// for one that is written as `{ … }` in a list.
std::optional<Fix> removal_of(const policy::Grant& grant, const Texts& texts) {
  const auto text = texts.find(grant.place.file);
  if (text == texts.end()) return std::nullopt;
  const auto first = grant.place.span.line;
  const auto header = text->second.line(first);
  const auto begin = header.find_first_not_of(" \t");
  if (begin == std::string_view::npos || !header.substr(begin).starts_with("[["))
    return std::nullopt;
  unsigned last = first;
  for (const auto& field : grant.fields)
    last = std::max(last, field.value_span.end_line);
  const bool is_blank =
      text->second.line(last + 1).find_first_not_of(" \t") == std::string_view::npos;
  const unsigned end = last + (is_blank && last + 1 < text->second.line_count() ? 2 : 1);
  // Beyond the last line there is no place: the end of that line is the end of the text.
  toml::Span span{first, 1, end, 1};
  if (end > text->second.line_count()) {
    const auto whole = text->second.at(text->second.text().size());
    span.end_line = whole.line;
    span.end_column = whole.column;
  }
  return Fix{.title = "take the grant out", .edits = {{{grant.place.file, span}, ""}}};
}

void check_expiry(const Subject& subject, Findings& findings) {
  const auto texts = texts_of(subject);
  const auto now = subject.inputs.now;
  for (const auto& grant : subject.policy().grants) {
    const auto* field = policy::find(grant.fields, "expires");
    if (!grant.until || field == nullptr || *grant.until > now + subject.inputs.expiring) continue;
    const bool is_over = *grant.until <= now;
    const auto when = time::format_instant(*grant.until) + ", " + time::relative(*grant.until, now);
    auto& finding = findings.add(is_over ? "grant-expired" : "grant-expiring-soon",
                                 {grant.place.file, field->value_span},
                                 "the grant of role `" + grant.role.value +
                                     (is_over ? "` has expired: " : "` expires: ") + when);
    finding.hint =
        is_over ? "take it out, or write a later day" : "write a later day if it is still needed";
    finding.path = grant_path(grant) + ".expires";
    if (is_over) finding.fix = removal_of(grant, texts);
  }
}

/// Whether the name of a role says that it is for emergencies.
bool is_emergency(std::string_view role) {
  std::string letters;
  std::set<std::string> words;
  std::string word;
  for (const char c : unicode::lower(role) + "-") {
    if (c >= 'a' && c <= 'z') {
      word += c;
      letters += c;
    } else {
      words.insert(std::exchange(word, {}));
    }
  }
  const auto has = [&](std::string_view part) { return letters.find(part) != std::string::npos; };
  return has("breakglass") || has("breaktheglass") || has("firecall") ||
         words.contains("emergency") || (words.contains("root") && has("oncall"));
}

void check_emergency(const Subject& subject, Findings& findings) {
  std::unordered_map<std::string_view, bool> emergencies;  // by role: whether it is one
  for (const auto& grant : subject.policy().grants) {
    if (grant.until && !grant.reason.empty()) continue;
    const auto [emergency, is_new] = emergencies.try_emplace(grant.role.value, false);
    if (is_new) emergency->second = is_emergency(grant.role.value);
    if (!emergency->second) continue;
    const bool says_why = !grant.reason.empty();
    auto& finding =
        findings.add("permanent-break-glass", grant.role.place,
                     "role `" + grant.role.value + "` is for emergencies and is granted " +
                         (grant.until ? "without a reason"
                          : says_why  ? "for ever"
                                      : "for ever and without a reason"));
    finding.hint = grant.until ? "add `reason`"
                   : says_why  ? "add `expires`"
                               : "add `expires` and `reason`";
    finding.path = grant_path(grant);
  }
}

void check_ttl(const Subject& subject, Findings& findings) {
  const auto risks = high_risks_of(subject);
  std::set<const policy::Role*> told;
  for (const auto& risk : risks.list) {
    if (risk.ttl || risk.role == nullptr || !told.insert(risk.role).second) continue;
    const auto& role = risk.role->name;
    auto& finding = findings.add(
        "ttl-missing-high-risk", role.place,
        "role `" + role.value + "` gives `" + risk.scope + "` (" + risk.why + ") and sets no ttl");
    if (risk.grant != nullptr && !risk.grant->groups.empty())
      finding.why =
          risk.grant->groups.front().value + " → " + risk.grant->role.value + " → " + risk.scope;
    finding.hint = "add ttl = \"5m\" to it";
    finding.path = "roles." + role.value + ".ttl";
  }
  if (!risks.is_complete)
    findings.not_judged("ttl-missing-high-risk",
                        "too many hold scopes of high risk to ask about each");
}

}  // namespace

std::span<const Rule> time_rules() {
  return kRules;
}

void check_time(const Subject& subject, Findings& findings) {
  check_ttl(subject, findings);
  check_expiry(subject, findings);
  check_emergency(subject, findings);
}

}  // namespace mcpauth::policy::lint
