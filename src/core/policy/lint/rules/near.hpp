#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// How one name is a mistyped other: "by two letters that are swapped"; empty: it is not.
///
/// A slip of the keyboard swaps two letters, doubles one, drops one or hits another, inside a word.
/// What words differ in that are meant to differ is not one: numbers, endings (`admin`, `admins`),
/// first letters, short words (under four letters, or six where a letter is dropped or another),
/// and a few pairs such as `contact` and `contract`. Two slips are one only in a name of more than
/// eight letters and where they move letters about. The same words with other separators
/// (`hr-admin`, `hr_admin`) are near, too. `:` and `/` are no separators: the parts between them
/// are compared one by one.
std::string slip_between(std::string_view a, std::string_view b);

struct NearPair {
  std::size_t a = 0;
  std::size_t b = 0;
  std::string how;
};

struct NearPairs {
  std::vector<NearPair> pairs = {};
  bool is_complete = true;  ///< false: there were too many names that are made of the same letters
};

/// The pairs that are near; in time that grows with the number of names, not of pairs. Names with
/// three near ones or more are a family (`eu-west-a`, `eu-west-b`, …), not slips, and left out.
NearPairs near_pairs(std::span<const std::string_view> names);

}  // namespace mcpauth::policy::lint
