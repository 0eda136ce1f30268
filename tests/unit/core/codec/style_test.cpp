#include "core/codec/style.hpp"

#include <doctest/doctest.h>

using namespace mcpauth::text;

TEST_CASE("codec/style: colour only where it is wanted") {
  CHECK(styled("x", Style::bold_red, true) == "\033[1;31mx\033[0m");
  CHECK(styled("x", Style::bold_red, false) == "x");
  CHECK(styled("x", Style::plain, true) == "x");
  CHECK(styled("", Style::red, true).empty());
}

TEST_CASE("codec/style: padding counts code points, not bytes") {
  CHECK(width_of("…") == 1);
  CHECK(padded("ä", 3) == "ä  ");
  CHECK(padded_left("ä", 3) == "  ä");
  CHECK(padded("long", 2) == "long");
}
