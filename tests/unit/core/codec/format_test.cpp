#include "core/codec/format.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using namespace mcpauth::text;

TEST_CASE("codec/format: arguments stand in the text") {
  const std::string name = "hr";
  CHECK(format("`{}` has {} of {} rules", name, 3, 7U) == "`hr` has 3 of 7 rules");
  CHECK(format("{:>4}|{:<4}|{:04x}", 7, std::string_view("ab"), 255) == "   7|ab  |00ff");
  CHECK(format("{{}}") == "{}");
}
