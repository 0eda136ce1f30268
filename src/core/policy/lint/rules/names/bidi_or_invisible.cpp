#include <algorithm>
#include <tuple>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/codec/toml_lexer.hpp"
#include "core/codec/unicode.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kBidiOrInvisible{
    .name = "bidi-or-invisible",
    .code = "RB602",
    .severity = Severity::error,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "Invisible characters, or characters that change the direction of text",
    .rationale =
        "Zero-width characters make two different names look the same. Direction marks show a "
        "line in another order than it is read in, so that a comment can look like a grant. "
        "Tag characters carry text that only a program sees. None of them belongs in a name. "
        "In comments and descriptions, joiners and variation selectors are allowed, because "
        "emoji are written with them.",
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
)"};

constexpr const Rule* kRules[] = {&kBidiOrInvisible};

/// Whether an invisible character is a kind of blank: a plain blank replaces it.
bool is_blank(char32_t code) {
  return code == 0x09 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x202F || code == 0x205F;
}

/// In a sentence, unlike in a name, joiners, marks of direction and variation selectors have an
/// honest use: emoji and several scripts are written with them.
bool deceives_in_a_sentence(char32_t code) {
  return code == 0xAD || code == 0x061C || code == 0x180E || code == 0x200B ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
         code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
         (code >= 0xE0000 && code <= 0xE007F);
}

struct Cleaned {
  std::string text;
  std::vector<char32_t> taken;  // each once
};

template <class Is>
Cleaned cleaned(std::string_view text, Is is_bad) {
  constexpr std::size_t kMostNamed = 5;
  Cleaned out;
  char32_t before = 0;
  while (!text.empty()) {
    const auto [code, length] = text::decode(text);
    const auto step = std::max<std::size_t>(length, 1);
    // The flags of England, Scotland and Wales are a black flag followed by tags.
    const bool is_flag = before == 0x1F3F4 && code >= 0xE0000;
    if (length != 0 && is_bad(code) && !is_flag) {
      if (is_blank(code)) out.text += ' ';
      const bool is_new = std::ranges::find(out.taken, code) == out.taken.end();
      if (is_new && out.taken.size() < kMostNamed) out.taken.push_back(code);
    } else {
      out.text += text.substr(0, step);
    }
    if (!is_flag) before = code;
    text.remove_prefix(step);
  }
  return out;
}

std::string list_of(const std::vector<char32_t>& codes) {
  std::string out;
  for (const auto code : codes)
    out += (out.empty() ? "" : ", ") + unicode::code_name(code);
  return out;
}

/// Places of names that were reported, so that their strings are not reported again.
class ReportedPlaces {
 public:
  void add(const Place& place) { places_.push_back(&place); }
  void sort() { std::ranges::sort(places_, {}, key); }
  bool covers(std::string_view file, unsigned line, unsigned column) const {
    const auto after = std::ranges::upper_bound(places_, std::tuple(file, line, column), {}, key);
    if (after == places_.begin()) return false;
    const auto& [reported, span] = **std::prev(after);
    return reported == file && std::pair(line, column) < std::pair(span.end_line, span.end_column);
  }

 private:
  static std::tuple<std::string_view, unsigned, unsigned> key(const Place* place) {
    return {place->file, place->span.line, place->span.column};
  }
  std::vector<const Place*> places_;
};

void check_names(const std::vector<Name>& names, ReportedPlaces& reported, Findings& findings) {
  for (const auto& name : names) {
    if (!has_hidden(name.value)) continue;
    for (const auto* place : name.places)
      reported.add(*place);
    if (name.kind == NameKind::idp && !name.is_whole) continue;  // its group is reported
    const auto clean = cleaned(name.value, text::is_hidden);
    auto& finding = findings.add(
        kBidiOrInvisible, name.place(),
        text::format("{} holds {}, which a reader cannot see", name.text(), list_of(clean.taken)));
    finding.hint = "take it out";
    finding.path = name.path();
    if (!clean.text.empty()) finding.fix = renaming(name, clean.text);
  }
}

/// One finding for each comment or string that hides something.
void check_source(const policy::Source& source, const SourceText& text,
                  const ReportedPlaces& reported, Findings& findings) {
  std::size_t number = 0;
  for (std::size_t at = 0; at < source.text.size();) {
    auto lexeme = toml::first_lexeme(std::string_view(source.text).substr(at));
    const auto begin = at;
    at += lexeme.text.size();
    if (lexeme.text.ends_with('\r')) lexeme.text.remove_suffix(1);
    const bool is_comment = lexeme.kind == toml::Lexeme::Kind::comment;
    if (!is_comment && lexeme.kind != toml::Lexeme::Kind::string) continue;
    const auto clean = cleaned(lexeme.text, deceives_in_a_sentence);
    if (clean.taken.empty()) continue;
    auto span = text.at(begin);
    if (reported.covers(source.file, span.line, span.column)) continue;
    const auto end = text.at(begin + lexeme.text.size());
    span.end_line = end.line;
    span.end_column = end.column;
    auto& finding =
        findings.add(kBidiOrInvisible, {source.file, span},
                     text::format("{} holds {}, which a reader cannot see",
                                  is_comment ? "a comment" : "a string", list_of(clean.taken)));
    finding.hint = "take it out";
    finding.path = text::format("hidden[{}]", ++number);
    finding.fix =
        Fix{.title = "take out what cannot be seen", .edits = {{{source.file, span}, clean.text}}};
  }
}

void check(Context& context, Findings& findings) {
  ReportedPlaces reported;
  check_names(context.names(), reported, findings);
  reported.sort();
  for (const auto& source : context.subject().reading.sources) {
    if (source.text.size() > policy::PolicyLimits{}.bytes) continue;  // a fault says so
    if (!unicode::is_ascii(source.text))
      check_source(source, *context.text(source.file), reported, findings);
  }
}

}  // namespace

RuleGroup bidi_or_invisible() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
