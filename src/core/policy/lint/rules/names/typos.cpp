#include "core/policy/lint/rules/names/typos.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>

#include "core/codec/text.hpp"
#include "core/codec/unicode.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::size_t kLongest = 128;  // nobody mistypes more, and it bounds the work

bool is_structure(char32_t c) {
  return c == U':' || c == U'/';
}
bool is_separator(char32_t c) {
  return c == U'-' || c == U'_' || c == U'.' || c == U' ' || c == U'@';
}
bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_capital(char32_t c) {
  return c >= U'A' && c <= U'Z';
}
bool is_small(char32_t c) {
  return c >= U'a' && c <= U'z';
}

using Words = std::vector<std::u32string>;

/// The words of each part between `:` and `/`, in lower case; camelCase is two words.
std::vector<Words> parts_of(std::string_view name) {
  std::vector<Words> parts(1);
  const auto spelt = unicode::code_points(name);
  const auto small = unicode::code_points(unicode::lower(name));
  bool begins = true;
  for (std::size_t i = 0; i < spelt.size(); ++i) {
    if (is_structure(spelt[i])) parts.emplace_back();
    if (is_structure(spelt[i]) || is_separator(spelt[i])) {
      begins = true;
      continue;
    }
    if (i > 0 && is_small(spelt[i - 1]) && is_capital(spelt[i])) begins = true;
    if (begins) parts.back().emplace_back();
    begins = false;
    parts.back().back() += small[i];
  }
  return parts;
}

std::u32string joined(const Words& words) {
  std::u32string out;
  for (const auto& word : words)
    out += word;
  return out;
}

std::u32string digits_of(std::u32string_view word) {
  std::u32string out;
  std::ranges::copy_if(word, std::back_inserter(out), is_digit);
  return out;
}

/// Words that differ like slips and are not.
bool are_words(std::u32string_view a, std::u32string_view b) {
  static constexpr std::array<std::pair<std::u32string_view, std::u32string_view>, 12> kPairs = {{
      {U"contact", U"contract"},
      {U"upload", U"unload"},
      {U"reader", U"render"},
      {U"county", U"country"},
      {U"form", U"from"},
      {U"trail", U"trial"},
      {U"marker", U"market"},
      {U"hosting", U"hoisting"},
      {U"planning", U"planing"},
      {U"signer", U"singer"},
      {U"bundler", U"builder"},
      {U"casual", U"causal"},
  }};
  const auto stem = [](std::u32string_view word) {
    return word.ends_with(U's') ? word.substr(0, word.size() - 1) : word;
  };
  a = stem(a);
  b = stem(b);
  return std::ranges::any_of(kPairs, [&](const auto& pair) {
    return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
  });
}

/// Two words without what they begin and end with alike.
struct Middle {
  std::u32string_view a, b;
  std::size_t before, after;  // how much that is
};

Middle middle_of(std::u32string_view a, std::u32string_view b) {
  const auto shorter = std::min(a.size(), b.size());
  std::size_t before = 0;
  while (before < shorter && a[before] == b[before])
    ++before;
  std::size_t after = 0;
  while (after < shorter - before && a[a.size() - 1 - after] == b[b.size() - 1 - after])
    ++after;
  return {a.substr(before, a.size() - before - after), b.substr(before, b.size() - before - after),
          before, after};
}

struct Slip {
  unsigned count;
  std::string how;
};

std::optional<Slip> one_slip(std::u32string_view a, std::u32string_view b) {
  constexpr std::size_t kShortest = 4;
  constexpr std::size_t kShortestForLetters = 6;
  const auto [x, y, before, after] = middle_of(a, b);
  const auto longer = std::max(a.size(), b.size());
  const bool is_inside = before > 0 && after > 0 && longer >= kShortestForLetters;
  if (x.size() == 2 && y.size() == 2 && x[0] == y[1] && x[1] == y[0]) {
    if (longer < kShortest) return std::nullopt;
    return Slip{1, "two swapped letters"};
  }
  if (x.size() == 1 && y.size() == 1 && is_inside) return Slip{1, "one letter"};
  if (x.size() + y.size() != 1) return std::nullopt;
  // Of two equal letters the first counts as part of the common beginning, so compare with it.
  const auto added = x.empty() ? y[0] : x[0];
  const bool is_doubled = before > 0 && a[before - 1] == added;
  if (is_doubled && longer > kShortest) return Slip{1, "a doubled letter"};
  return is_inside ? std::optional(Slip{1, "one letter"}) : std::nullopt;
}

/// How many letters one has and the other has not, over both.
std::size_t letters_apart(std::u32string a, std::u32string b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  std::u32string apart;
  std::ranges::set_symmetric_difference(a, b, std::back_inserter(apart));
  return apart.size();
}

/// By edit distance with swaps.
bool is_two_away(std::u32string_view a, std::u32string_view b) {
  return text::distance(unicode::utf8(a), unicode::utf8(b)) == 2;
}

std::optional<Slip> slip_of(const std::u32string& a, const std::u32string& b) {
  constexpr std::size_t kShortestForTwo = 7;
  if (digits_of(a) != digits_of(b) || are_words(a, b)) return std::nullopt;
  if (auto slip = one_slip(a, b)) return slip;
  const bool is_long = std::min(a.size(), b.size()) >= kShortestForTwo && a.front() == b.front();
  if (is_long && letters_apart(a, b) <= 1 && is_two_away(a, b)) return Slip{2, "moved letters"};
  return std::nullopt;
}

/// The slips of one part, or nothing where it is another part.
std::optional<Slip> slip_of_part(const Words& a, const Words& b) {
  if (a == b) return Slip{0, {}};
  if (joined(a) == joined(b) && digits_of(joined(a)).empty()) return Slip{1, "separators"};
  if (a.size() != b.size()) return std::nullopt;
  Slip all{0, {}};
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    const auto slip = slip_of(a[i], b[i]);
    if (!slip) return std::nullopt;
    all.count += slip->count;
    all.how = slip->how;
  }
  return all;
}

std::uint64_t mixed(std::uint64_t value) {  // splitmix64
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ value >> 30U) * 0xBF58476D1CE4E5B9U;
  value = (value ^ value >> 27U) * 0x94D049BB133111EBU;
  return value ^ value >> 31U;
}

struct Key {
  std::uint64_t letters;  // a sum over the letters, so that their order does not count
  std::uint32_t name;
  friend auto operator<=>(const Key&, const Key&) = default;
};

/// Two near names share a key: that of their letters, or of these without one.
void add_keys(std::string_view name, std::uint32_t number, std::vector<Key>& keys) {
  std::u32string letters;
  for (const char32_t c : unicode::code_points(unicode::lower(name))) {
    if (!is_structure(c) && !is_separator(c)) letters += c;
  }
  if (letters.size() < 4 || letters.size() > kLongest) return;
  std::uint64_t sum = 0;
  for (const char32_t c : letters)
    sum += mixed(c);
  keys.push_back({sum, number});
  std::ranges::sort(letters);
  const auto [end, last] = std::ranges::unique(letters);
  for (auto c = letters.begin(); c != end; ++c)
    keys.push_back({sum - mixed(*c), number});
}

/// Compares what shares a key, within a budget.
class Search {
 public:
  explicit Search(std::span<const std::string_view> names) : names_(names) {}

  void compare(std::span<const Key> group) {
    constexpr std::size_t kFamily = 16;
    if (group.size() < 2 || group.size() > kFamily) return;
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (std::size_t j = i + 1; j < group.size(); ++j)
        compare(group[i].name, group[j].name);
    }
  }

  TypoPairs take() {
    std::vector<unsigned> partners(names_.size());
    for (const auto& pair : found_.pairs) {
      ++partners[pair.a];
      ++partners[pair.b];
    }
    constexpr unsigned kFamily = 3;
    std::erase_if(found_.pairs, [&](const TypoPair& pair) {
      return partners[pair.a] >= kFamily || partners[pair.b] >= kFamily;
    });
    return std::move(found_);
  }

 private:
  void compare(std::uint32_t a, std::uint32_t b) {
    constexpr std::size_t kMost = 300'000;
    const auto size_a = names_[a].size();
    const auto size_b = names_[b].size();
    if (std::max(size_a, size_b) - std::min(size_a, size_b) > 8) return;
    if (seen_.size() >= kMost) {
      found_.is_complete = false;
      return;
    }
    if (!seen_.insert(std::uint64_t{a} << 32U | b).second) return;
    if (auto how = typo_between(names_[a], names_[b]); !how.empty())
      found_.pairs.push_back({a, b, std::move(how)});
  }

  std::span<const std::string_view> names_;
  std::set<std::uint64_t> seen_;
  TypoPairs found_;
};

}  // namespace

std::string typo_between(std::string_view a, std::string_view b) {
  constexpr std::size_t kLongName = 8;
  const auto parts_a = parts_of(a);
  const auto parts_b = parts_of(b);
  if (parts_a.size() != parts_b.size() || a == b) return {};
  Slip all{0, {}};
  for (std::size_t i = 0; i < parts_a.size(); ++i) {
    const auto slip = slip_of_part(parts_a[i], parts_b[i]);
    if (!slip) return {};
    all.count += slip->count;
    if (!slip->how.empty()) all.how = slip->how;
  }
  const unsigned most = std::max(a.size(), b.size()) > kLongName ? 2 : 1;
  if (all.count == 0)
    return unicode::lower(a) == unicode::lower(b) ? std::string{} : std::string("separators");
  return all.count > most ? std::string{} : all.how;
}

TypoPairs typo_pairs(std::span<const std::string_view> names) {
  std::vector<Key> keys;
  for (std::size_t i = 0; i < names.size(); ++i)
    add_keys(names[i], static_cast<std::uint32_t>(i), keys);
  std::ranges::sort(keys);
  Search search(names);
  for (auto begin = keys.begin(); begin != keys.end();) {
    const auto end = std::find_if(begin, keys.end(),
                                  [&](const Key& key) { return key.letters != begin->letters; });
    search.compare({begin, end});
    begin = end;
  }
  return search.take();
}

}  // namespace mcpauth::policy::lint
