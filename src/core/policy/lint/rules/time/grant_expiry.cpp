#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kGrantExpired{
    .name = "grant-expired",
    .code = "RB503",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A grant that has expired",
    .rationale =
        "An expired grant gives nobody anything, and every reader has to work that out. Remove "
        "it, or write a later date if it was forgotten. Checked at the time given with "
        "`--now`.",
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
)"};

constexpr Rule kGrantExpiringSoon{
    .name = "grant-expiring-soon",
    .code = "RB504",
    .severity = Severity::info,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A grant that expires within 30 days",
    .rationale =
        "The people who need the grant should hear of it before their calls begin to fail. "
        "`--expiring` sets how far to look ahead.",
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
)"};

constexpr const Rule* kRules[] = {&kGrantExpired, &kGrantExpiringSoon};

/// Removes a [[grant]] from its header to its last line, and one blank line after it. A grant that
/// is written as `{ … }` in a list has no fix.
std::optional<Fix> removal_of(const policy::Grant& grant, const SourceText& text) {
  const auto first = grant.place.span.line;
  const auto header = text.line(first);
  const auto begin = header.find_first_not_of(" \t");
  if (begin == std::string_view::npos || !header.substr(begin).starts_with("[["))
    return std::nullopt;
  unsigned last = first;
  for (const auto& field : grant.fields)
    last = std::max(last, field.value_span.end_line);
  const bool is_blank = text.line(last + 1).find_first_not_of(" \t") == std::string_view::npos;
  const unsigned end = last + (is_blank && last + 1 < text.line_count() ? 2 : 1);
  // There is no place after the last line: there the edit ends at the end of the text.
  toml::Span span{first, 1, end, 1};
  if (end > text.line_count()) {
    const auto whole = text.at(text.text().size());
    span.end_line = whole.line;
    span.end_column = whole.column;
  }
  return Fix{.title = "take the grant out", .edits = {{{grant.place.file, span}, ""}}};
}

void check(Context& context, Findings& findings) {
  const auto now = context.inputs().now;
  for (const auto& grant : context.policy().grants) {
    const auto* field = policy::find(grant.fields, "expires");
    if (!grant.until || field == nullptr || *grant.until > now + context.inputs().expiring)
      continue;
    const bool is_over = *grant.until <= now;
    const auto when = text::format("{}, {}", time::format_instant(*grant.until),
                                   time::relative(*grant.until, now));
    auto& finding = findings.add(is_over ? kGrantExpired : kGrantExpiringSoon,
                                 {grant.place.file, field->value_span},
                                 text::format("the grant of role `{}{}{}", grant.role.value,
                                              is_over ? "` has expired: " : "` expires: ", when));
    finding.hint =
        is_over ? "take it out, or write a later day" : "write a later day if it is still needed";
    finding.path = grant_path(grant) + ".expires";
    const auto* const text = context.text(grant.place.file);
    if (is_over && text != nullptr) finding.fix = removal_of(grant, *text);
  }
}

}  // namespace

RuleGroup grant_expiry() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
