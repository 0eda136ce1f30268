#include "core/codec/format.hpp"
#include "core/codec/unicode.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/names/pairs.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kConfusableName{
    .name = "confusable-name",
    .code = "RB601",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A name that looks like another one, or mixes alphabets in a word",
    .rationale =
        "A Cyrillic `а` looks like a Latin `a`, a full-width letter nearly like a plain one, "
        "and `rn` like `m`. A name that looks like another one passes every review, and what "
        "is granted to it is granted to somebody else. Two names of the same kind are compared "
        "by their Unicode skeletons (UTS #39). A word that mixes Latin, Greek, Cyrillic, "
        "full-width or mathematical letters is reported on its own. Words of different "
        "alphabets next to each other are fine.",
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
)"};

constexpr const Rule* kRules[] = {&kConfusableName};

/// "U+0430 is Cyrillic", of the first characters that the two do not share.
std::string difference(std::string_view odd, std::string_view other) {
  constexpr std::size_t kMost = 3;
  const auto shared = unicode::code_points(other);
  std::u32string listed;
  std::string out;
  for (const char32_t code : unicode::code_points(odd)) {
    if (shared.find(code) != std::u32string::npos || listed.find(code) != std::u32string::npos)
      continue;
    if (listed.size() == kMost) break;
    listed += code;
    const auto script = unicode::script_of(code);
    out += (out.empty() ? "" : ", ") + unicode::code_name(code);
    if (script != unicode::Script::none && script != unicode::Script::latin)
      out += text::format(" is {}", name(script));
  }
  return out;
}

/// Two alphabets that one word of a name mixes: the usual one and the first letter of the other.
struct Mixture {
  unicode::Script usual = unicode::Script::none;
  char32_t odd = 0;
};

Mixture mixture_of(std::string_view text) {
  unicode::Script word = unicode::Script::none;
  char32_t first = 0;
  for (const char32_t code : unicode::code_points(text)) {
    const auto script = unicode::script_of(code);
    const bool is_separator =
        code < 0x80 && script == unicode::Script::none && !(code >= '0' && code <= '9');
    if (is_separator) word = unicode::Script::none;
    if (script == unicode::Script::none || script == word) continue;
    if (word != unicode::Script::none)  // Latin is the usual one, in whatever order they come
      return script == unicode::Script::latin ? Mixture{script, first} : Mixture{word, code};
    word = script;
    first = code;
  }
  return {};
}

void report_mixture(const Name& name, const Mixture& mixture, Findings& findings) {
  auto& finding = findings.add(
      kConfusableName, name.place(),
      text::format("{} mixes alphabets: {} is {} in a {} word", name.text(),
                   unicode::code_name(mixture.odd), unicode::name(unicode::script_of(mixture.odd)),
                   unicode::name(mixture.usual)));
  finding.hint = "write the word in one alphabet";
  finding.path = name.path();
}

void check(Context& context, Findings& findings) {
  Firsts firsts;
  for (const auto& name : context.names()) {
    if (has_hidden(name.value)) continue;
    const auto mixture = mixture_of(name.value);
    const bool is_mixed = mixture.odd != 0 && is_judged_alone(name);
    const auto* first = firsts.add(name, unicode::skeleton(name.value));
    if (first != nullptr && unicode::nfc(first->value) != unicode::nfc(name.value)) {
      const auto [odd, other] = odd_first(*first, name);
      auto& finding = findings.add(kConfusableName, odd->place(),
                                   text::format("{} looks like `{}`", odd->text(), other->value));
      finding.why = difference(odd->value, other->value);
      finding.related.push_back({other->place(), "the other one"});
      finding.hint = "rename one, so that a reviewer can tell them apart";
      finding.path = odd->path();
    } else if (is_mixed) {
      report_mixture(name, mixture, findings);
    }
  }
}

}  // namespace

RuleGroup confusable_name() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
