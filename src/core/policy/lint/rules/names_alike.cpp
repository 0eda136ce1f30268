#include <algorithm>
#include <unordered_map>

#include "core/codec/unicode.hpp"
#include "core/policy/lint/rules/names.hpp"

namespace mcpauth::policy::lint {
namespace {

/// Of two names the one that is used less is the odd one; of equals the later.
std::pair<const Name*, const Name*> odd_first(const Name& earlier, const Name& later) {
  const bool later_is_odd = later.places.size() <= earlier.places.size();
  return later_is_odd ? std::pair(&later, &earlier) : std::pair(&earlier, &later);
}

/// The first name of its kind under each key.
class Firsts {
 public:
  /// The name that was there before, or null.
  const Name* add(const Name& name, std::string_view key) {
    const auto whole = static_cast<char>(name.kind) + std::string(key);
    const auto [found, is_new] = firsts_.try_emplace(whole, &name);
    return is_new ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string, const Name*> firsts_;
};

/// "U+0430 is Cyrillic", of the first characters that the two do not share.
std::string difference(std::string_view odd, std::string_view other) {
  constexpr std::size_t kMost = 3;
  const auto shared = unicode::code_points(other);
  std::u32string told;
  std::string out;
  for (const char32_t code : unicode::code_points(odd)) {
    if (shared.find(code) != std::u32string::npos || told.find(code) != std::u32string::npos)
      continue;
    if (told.size() == kMost) break;
    told += code;
    const auto script = unicode::script_of(code);
    out += (out.empty() ? "" : ", ") + unicode::code_name(code);
    if (script != unicode::Script::none && script != unicode::Script::latin)
      out += " is " + std::string(name(script));
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
  auto& finding =
      findings.add("confusable-name", name.place(),
                   name.text() + " mixes alphabets: " + unicode::code_name(mixture.odd) + " is " +
                       std::string(unicode::name(unicode::script_of(mixture.odd))) + " in a " +
                       std::string(unicode::name(mixture.usual)) + " word");
  finding.hint = "write the word in one alphabet";
  finding.path = name.path();
}

/// "is written like": names that differ in case or composition only.
void report_twin(const Name& earlier, const Name& later, bool by_case, Findings& findings) {
  const auto [odd, other] = odd_first(earlier, later);
  auto& finding =
      findings.add("unnormalised-name", odd->place(),
                   odd->text() + " and `" + other->value + "` differ only in " +
                       (by_case ? "upper and lower case" : "how their letters are composed"));
  finding.related.push_back({other->place(), "the other one"});
  finding.hint = "they are two names here; where one is meant, write it in one way";
  finding.path = odd->path();
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

/// Without blanks around it, and around the group behind its IdP.
std::string without_padding(const Name& name) {
  const auto colon = name.kind == NameKind::group ? name.value.find(':') : std::string::npos;
  if (colon == std::string::npos) return trimmed(name.value);
  const std::string_view value = name.value;
  return trimmed(value.substr(0, colon)) + ":" + trimmed(value.substr(colon + 1));
}

bool report_form(const Name& name, Findings& findings) {
  const auto plain = without_padding(name);
  const bool is_padded = plain != name.value;
  const auto wanted = unicode::nfc(plain);
  if (wanted == name.value || wanted.empty()) return false;
  auto& finding =
      findings.add("unnormalised-name", name.place(),
                   name.text() + (is_padded ? " has blanks around it"
                                            : " is not in Unicode's composed form (NFC)"));
  finding.hint = "write `" + wanted +
                 "`, if that is how the other side spells it: names are compared "
                 "byte for byte";
  finding.path = name.path();
  finding.fix = renaming(name, wanted);
  return true;
}

bool is_judged(const Name& name) {
  return !has_hidden(name.value) && (name.is_whole || name.kind != NameKind::idp);
}

}  // namespace

void check_confusable(const std::vector<Name>& names, Findings& findings) {
  Firsts firsts;
  for (const auto& name : names) {
    if (has_hidden(name.value)) continue;
    const auto mixture = mixture_of(name.value);
    const bool is_mixed = mixture.odd != 0 && is_judged(name);
    const auto* first = firsts.add(name, unicode::skeleton(name.value));
    if (first != nullptr && unicode::nfc(first->value) != unicode::nfc(name.value)) {
      const auto [odd, other] = odd_first(*first, name);
      auto& finding = findings.add("confusable-name", odd->place(),
                                   odd->text() + " looks like `" + other->value + "`");
      finding.why = difference(odd->value, other->value);
      finding.related.push_back({other->place(), "the other one"});
      finding.hint = "rename one, so that a reviewer can tell them apart";
      finding.path = odd->path();
    } else if (is_mixed) {
      report_mixture(name, mixture, findings);
    }
  }
}

void check_unnormalised(const std::vector<Name>& names, Findings& findings) {
  Firsts composed;
  Firsts lowered;
  for (const auto& name : names) {
    if (has_hidden(name.value)) continue;
    const auto normal = unicode::nfc(name.value);
    const auto* same = composed.add(name, normal);
    const auto* same_but_case = lowered.add(name, unicode::lower(normal));
    const bool is_reported = is_judged(name) && report_form(name, findings);
    if (is_reported) continue;
    if (same != nullptr) {
      report_twin(*same, name, false, findings);
    } else if (same_but_case != nullptr && !(same_but_case->is_known && name.is_known)) {
      report_twin(*same_but_case, name, true, findings);
    }
  }
}

}  // namespace mcpauth::policy::lint
