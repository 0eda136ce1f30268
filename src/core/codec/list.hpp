#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <ranges>
#include <string>
#include <string_view>

#include "core/codec/text.hpp"

// Several words in one sentence. Text from outside is not escaped here.
namespace mcpauth::text {

/// A range of texts.
template <class Range>
concept Words = std::ranges::forward_range<Range> &&
                std::convertible_to<std::ranges::range_reference_t<Range>, std::string_view>;

/// join({"a", "b"}, ", ") is "a, b".
template <Words Range>
std::string join(const Range& words, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const std::string_view word : words) {
    if (!first) out += separator;
    out += word;
    first = false;
  }
  return out;
}

/// "a, b or c": what a value may be.
template <Words Range>
std::string alternatives(const Range& words) {
  const auto count = static_cast<std::size_t>(std::ranges::distance(words));
  std::string out;
  std::size_t at = 0;
  for (const std::string_view word : words) {
    out += at == 0 ? "" : at + 1 == count ? " or " : ", ";
    out += word;
    ++at;
  }
  return out;
}

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

/// "`a`, `b` and `c`", or "`a`, `b` and 2 more" when there are more than `most`. Never "and 1
/// more": a single one is named.
template <Words Range>
std::string some_of(const Range& names, std::size_t most = 3) {
  const auto count = static_cast<std::size_t>(std::ranges::distance(names));
  const std::size_t shown = most == kAll || count <= most + 1 ? count : most;
  std::string out;
  std::size_t at = 0;
  for (const std::string_view name : names) {
    if (at == shown) break;
    out += at == 0 ? "" : at + 1 == count ? " and " : ", ";
    out += quoted(name);
    ++at;
  }
  if (shown < count) out += " and " + std::to_string(count - shown) + " more";
  return out;
}

/// "1 key", "2 keys": the noun's plural ends in `s`.
inline std::string count_of(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace mcpauth::text
