#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"

namespace mcpauth::cli {

/// Text and bars in the characters that the locale can show: UTF-8, or else only ASCII of our own.
class Glyphs {
 public:
  /// As LC_ALL, LC_CTYPE and LANG say.
  explicit Glyphs(const Env& env);

  /// A bar for `count`, where `greatest` has the full width; to an eighth of a column in UTF-8.
  std::string bar(std::uint64_t count, std::uint64_t greatest) const;
  /// The same in another character, so that it can be told apart without colours.
  std::string hatched_bar(std::uint64_t count, std::uint64_t greatest) const;

  /// A name from outside, escaped and cut; "-" if it is empty.
  std::string name(std::string_view from_outside) const;
  /// A duration in microseconds, such as "1.24 ms".
  std::string duration(std::uint64_t micros) const;

 private:
  bool utf8_;
};

}  // namespace mcpauth::cli
