#include "core/base/reason.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

namespace mcpauth {

TEST_CASE("base/reason: every code has one meaning and stands once") {
  std::set<std::string_view> seen;
  for (const auto& [code, text] : reasons()) {
    CAPTURE(std::string(code));
    CHECK(seen.insert(code).second);
    CHECK(!text.empty());
    CHECK(meaning(code) == text);
  }
  CHECK(meaning("no-such-code").empty());
}

}  // namespace mcpauth
