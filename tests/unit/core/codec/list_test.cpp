#include "core/codec/list.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace mcpauth::text;
using Names = std::vector<std::string>;

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
