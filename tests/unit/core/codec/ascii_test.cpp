#include "core/codec/ascii.hpp"

#include <doctest/doctest.h>

using namespace mcpauth::text;

TEST_CASE("codec/ascii: blanks and line ends are trimmed, other bytes stay") {
  CHECK(trimmed(" \t a b \r\n") == "a b");
  CHECK(trimmed("\xC2\xA0"
                "a") ==
        "\xC2\xA0"
        "a");  // a no-break space is not ASCII
  CHECK(trimmed(" \n").empty());
  CHECK(is_blank(" \t\r\n"));
  CHECK(is_blank(""));
  CHECK_FALSE(is_blank(" x"));
  CHECK(lowered("ÄB-Z") == "Äb-z");
}

TEST_CASE("codec/ascii: classes of characters") {
  for (const char c : {'@', '[', '`', '{', '/', ':', '\0', '\x80'}) {
    CAPTURE(int{c});
    CHECK_FALSE(is_alphanumeric(c));
    CHECK_FALSE(is_hex_digit(c));
    CHECK(lowered(c) == c);
  }
  CHECK(is_upper('Z'));
  CHECK(is_lower('a'));
  CHECK(is_letter('M'));
  CHECK(is_alphanumeric('9'));
  CHECK(hex_value('0') == 0);
  CHECK(hex_value('f') == 15);
  CHECK(hex_value('A') == 10);
  CHECK(hex_value('g') == -1);
}

TEST_CASE("codec/ascii: case is ignored for letters of ASCII only") {
  CHECK(equal_ignoring_case("Bearer", "bEARER"));
  CHECK(equal_ignoring_case("", ""));
  CHECK_FALSE(equal_ignoring_case("a", "ab"));
  CHECK_FALSE(equal_ignoring_case("@", "`"));
  CHECK_FALSE(equal_ignoring_case("Ä", "ä"));
}
