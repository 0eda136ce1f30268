#include "core/audit/query/glob.hpp"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace mcpauth::audit::query {

TEST_CASE("audit/query/glob: whole text, stars over anything, one character for a question mark") {
  for (const auto& [pattern, text] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"*", ""},
                                                        {"*", "a/b"},
                                                        {"a*b*c", "a__b__bc"},
                                                        {"?", "é"},
                                                        {"*?", "€"},
                                                        {"a**", "a"},
                                                        {"*ab", "aab"},
                                                        {"?b?", "abc"},
                                                        {"??", "\xff\xfe"}}) {
    CAPTURE(pattern);
    CHECK(glob_matches(pattern, text));
  }
  for (const auto& [pattern, text] : std::vector<std::pair<std::string, std::string>>{
           {"", "a"}, {"?", ""}, {"a*b", "abc"}, {"??", "é"}, {"*??", "€"}, {"a", "A"}}) {
    CAPTURE(pattern);
    CHECK_FALSE(glob_matches(pattern, text));
  }
  // With backtracking into every star this would not end.
  std::string stars;
  for (int i = 0; i < 500; ++i)
    stars += "*a";
  CHECK_FALSE(glob_matches(stars + "b", std::string(2000, 'a')));
}

}  // namespace mcpauth::audit::query
