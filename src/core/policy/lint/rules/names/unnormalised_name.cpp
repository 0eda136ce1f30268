#include "core/codec/format.hpp"
#include "core/codec/unicode.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/names/pairs.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUnnormalisedName{
    .name = "unnormalised-name",
    .code = "RB604",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary =
        "A name with blanks around it, not in NFC, or that differs from another only in case",
    .rationale =
        "Names are compared byte for byte. `é` can be written as one character or as two, and "
        "a blank at the end is invisible. If the identity provider writes the name in another "
        "way, it names another group. Write names in Unicode's composed form (NFC), without "
        "blanks around them, and always in the same case.",
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
)"};

constexpr const Rule* kRules[] = {&kUnnormalisedName};

/// "is written like": names that differ in case or composition only.
void report_twin(const Name& earlier, const Name& later, bool by_case, Findings& findings) {
  const auto [odd, other] = odd_first(earlier, later);
  auto& finding = findings.add(
      kUnnormalisedName, odd->place(),
      text::format("{} and `{}` differ only in {}", odd->text(), other->value,
                   by_case ? "upper and lower case" : "how their letters are composed"));
  finding.related.push_back({other->place(), "the other one"});
  finding.hint = "they are two names here; where one is meant, write it in one way";
  finding.path = odd->path();
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

/// Without blanks around it, and without blanks around the `:` between an IdP and its group.
std::string without_padding(const Name& name) {
  const auto colon = name.kind == NameKind::group ? name.value.find(':') : std::string::npos;
  if (colon == std::string::npos) return trimmed(name.value);
  const std::string_view value = name.value;
  return text::format("{}:{}", trimmed(value.substr(0, colon)), trimmed(value.substr(colon + 1)));
}

bool report_form(const Name& name, Findings& findings) {
  const auto plain = without_padding(name);
  const bool is_padded = plain != name.value;
  const auto wanted = unicode::nfc(plain);
  if (wanted == name.value || wanted.empty()) return false;
  auto& finding =
      findings.add(kUnnormalisedName, name.place(),
                   name.text() + (is_padded ? " has blanks around it"
                                            : " is not in Unicode's composed form (NFC)"));
  finding.hint = text::format(
      "write `{}`, if that is how the other side spells it: names are compared byte for byte",
      wanted);
  finding.path = name.path();
  finding.fix = renaming(name, wanted);
  return true;
}

void check(Context& context, Findings& findings) {
  Firsts composed;
  Firsts lowered;
  for (const auto& name : context.names()) {
    if (has_hidden(name.value)) continue;
    const auto normal = unicode::nfc(name.value);
    const auto* same = composed.add(name, normal);
    const auto* same_but_case = lowered.add(name, unicode::lower(normal));
    const bool is_reported = is_judged_alone(name) && report_form(name, findings);
    if (is_reported) continue;
    if (same != nullptr) {
      report_twin(*same, name, false, findings);
    } else if (same_but_case != nullptr && !(same_but_case->is_known && name.is_known)) {
      report_twin(*same_but_case, name, true, findings);
    }
  }
}

}  // namespace

RuleGroup unnormalised_name() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
