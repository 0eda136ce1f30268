#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// Says by which typo one name differs from the other, "two swapped letters"; empty if they differ
/// otherwise.
///
/// A typo swaps two letters, doubles one, drops one or hits another one, inside a word. Differences
/// that are usually meant do not count: numbers, endings (`admin`, `admins`), first letters, short
/// words (under four letters; under six if a letter is missing or another one), and a few pairs
/// such as `contact` and `contract`. Two typos at once count only in a name of more than eight
/// letters, and only if they move letters. The same words with other separators (`hr-admin`,
/// `hr_admin`) count too. `:` and `/` are not separators: the parts between them are compared one
/// by one.
std::string typo_between(std::string_view a, std::string_view b);

struct TypoPair {
  std::size_t a = 0;
  std::size_t b = 0;
  std::string how;
};

struct TypoPairs {
  std::vector<TypoPair> pairs = {};
  bool is_complete = true;  ///< false: too many names are made of the same letters
};

/// All pairs of names that differ by a typo. The time grows with the number of names, not of pairs.
/// A name with three such partners or more belongs to a series (`eu-west-a`, `eu-west-b`, …) and is
/// left out.
TypoPairs typo_pairs(std::span<const std::string_view> names);

}  // namespace mcpauth::policy::lint
