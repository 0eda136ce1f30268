#include "core/audit/query/glob.hpp"

#include <algorithm>
#include <cstddef>

#include "core/codec/text.hpp"

namespace mcpauth::audit::query {
namespace {

/// The bytes of the first character. Invalid UTF-8 counts byte by byte.
std::size_t character(std::string_view text) {
  return std::max<std::size_t>(text::decode(text).length, 1);
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  constexpr auto kNone = std::string_view::npos;
  std::size_t at = 0;    // in the pattern
  std::size_t seen = 0;  // in the text
  std::size_t star = kNone;
  std::size_t star_seen = 0;
  while (seen < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_seen = seen;
    } else if (at < pattern.size() && pattern[at] == '?') {
      ++at;
      seen += character(text.substr(seen));
    } else if (at < pattern.size() && pattern[at] == text[seen]) {
      ++at;
      ++seen;
    } else if (star != kNone) {
      // Only the last star may have to match more: everything before it was matched as far to the
      // left as possible.
      star_seen += character(text.substr(star_seen));
      at = star + 1;
      seen = star_seen;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == kNone;
}

}  // namespace mcpauth::audit::query
