#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"

using namespace mcpauth::text;
using Names = std::vector<std::string>;

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

TEST_CASE("codec/list: words are joined") {
  CHECK(join(Names{}, ", ").empty());
  CHECK(join(Names{"a"}, ", ") == "a");
  CHECK(join(Names{"", "b"}, " ") == " b");
  CHECK(join(std::array<std::string_view, 3>{"a", "b", "c"}, ", ") == "a, b, c");
}

TEST_CASE("codec/list: what a value may be") {
  CHECK(alternatives(Names{"a"}) == "a");
  CHECK(alternatives(Names{"a", "b"}) == "a or b");
  CHECK(alternatives(Names{"a", "b", "c"}) == "a, b or c");
}

TEST_CASE("codec/list: some of many names, and never `1 more`") {
  CHECK(some_of(Names{}).empty());
  CHECK(some_of(Names{"a"}) == "`a`");
  CHECK(some_of(Names{"a", "b"}) == "`a` and `b`");
  CHECK(some_of(Names{"a", "b", "c"}, 2) == "`a`, `b` and `c`");
  CHECK(some_of(Names{"a", "b", "c", "d"}, 2) == "`a`, `b` and 2 more");
  CHECK(some_of(Names{"a", "b", "c", "d"}, kAll) == "`a`, `b`, `c` and `d`");
}

TEST_CASE("codec/list: one key, two keys") {
  CHECK(count_of(0, "key") == "0 keys");
  CHECK(count_of(1, "key") == "1 key");
  CHECK(count_of(2, "key") == "2 keys");
}

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

TEST_CASE("codec/format: arguments stand in the text") {
  const std::string name = "hr";
  CHECK(format("`{}` has {} of {} rules", name, 3, 7U) == "`hr` has 3 of 7 rules");
  CHECK(format("{:>4}|{:<4}|{:04x}", 7, std::string_view("ab"), 255) == "   7|ab  |00ff");
  CHECK(format("{{}}") == "{}");
}
