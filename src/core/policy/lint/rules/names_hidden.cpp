#include <algorithm>
#include <tuple>

#include "core/codec/text.hpp"
#include "core/codec/toml_lexer.hpp"
#include "core/codec/unicode.hpp"
#include "core/policy/lint/rules/names.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kRule = "bidi-or-invisible";

/// What takes the place of a character that cannot be seen: a blank for odd blanks, else nothing.
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
    // The flags of England, Scotland and Wales are a black flag with tags behind it.
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

/// Where names were found to hide something, so that their text is not told about once more.
class Told {
 public:
  void add(const Place& place) { places_.push_back(&place); }
  void sort() { std::ranges::sort(places_, {}, key); }
  bool covers(std::string_view file, unsigned line, unsigned column) const {
    const auto after = std::ranges::upper_bound(places_, std::tuple(file, line, column), {}, key);
    if (after == places_.begin()) return false;
    const auto& [told, span] = **std::prev(after);
    return told == file && std::pair(line, column) < std::pair(span.end_line, span.end_column);
  }

 private:
  static std::tuple<std::string_view, unsigned, unsigned> key(const Place* place) {
    return {place->file, place->span.line, place->span.column};
  }
  std::vector<const Place*> places_;
};

void check_names(const std::vector<Name>& names, Told& told, Findings& findings) {
  for (const auto& name : names) {
    if (!has_hidden(name.value)) continue;
    for (const auto* place : name.places)
      told.add(*place);
    if (name.kind == NameKind::idp && !name.is_whole) continue;  // told of its group
    const auto clean = cleaned(name.value, text::is_hidden);
    auto& finding = findings.add(
        kRule, name.place(),
        name.text() + " holds " + list_of(clean.taken) + ", which a reader cannot see");
    finding.hint = "take it out";
    finding.path = name.path();
    if (!clean.text.empty()) finding.fix = renaming(name, clean.text);
  }
}

/// One finding for each comment or string that hides something.
void check_source(const policy::Source& source, const Told& told, Findings& findings) {
  const SourceText text(source.text);
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
    if (told.covers(source.file, span.line, span.column)) continue;
    const auto end = text.at(begin + lexeme.text.size());
    span.end_line = end.line;
    span.end_column = end.column;
    auto& finding = findings.add(kRule, {source.file, span},
                                 std::string(is_comment ? "a comment" : "a string") + " holds " +
                                     list_of(clean.taken) + ", which a reader cannot see");
    finding.hint = "take it out";
    finding.path = "hidden[" + std::to_string(++number) + "]";
    finding.fix =
        Fix{.title = "take out what cannot be seen", .edits = {{{source.file, span}, clean.text}}};
  }
}

}  // namespace

void check_hidden(const Subject& subject, const std::vector<Name>& names, Findings& findings) {
  Told told;
  check_names(names, told, findings);
  told.sort();
  for (const auto& source : subject.reading.sources) {
    if (source.text.size() > policy::PolicyLimits{}.bytes) continue;  // a fault says so
    if (!unicode::is_ascii(source.text)) check_source(source, told, findings);
  }
}

}  // namespace mcpauth::policy::lint
