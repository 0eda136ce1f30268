#include "core/codec/json_raw.hpp"

#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace mcpauth;
using Parts = std::vector<std::string_view>;

TEST_CASE("codec/json_raw: members come as they are written, in the order of the text") {
  const auto found = json::raw_members(R"( { "a" : "x\"y" , "b\n":[1,{"c":"},]"}],"d":2 } )");
  REQUIRE(found.parts.size() == 3);
  CHECK(found.whole);
  CHECK(found.parts[0].name == "a");
  CHECK(found.parts[0].value == R"("x\"y")");
  CHECK(found.parts[1].name == R"(b\n)");
  CHECK(found.parts[1].value == R"([1,{"c":"},]"}])");
  CHECK(found.parts[2].value == "2");
}

TEST_CASE(
    "codec/json_raw: what comes before a mistake is found, and the rest is not called whole") {
  for (const std::string_view text :
       {R"({"a":"x")", R"({"a":"x","b)", R"({"a":"x"]})", R"({"a":"x"} 1)", R"({"a":"x")"}) {
    CAPTURE(text);
    const auto found = json::raw_members(text);
    CHECK_FALSE(found.whole);
    REQUIRE(found.parts.size() == 1);
    CHECK(found.parts[0].value == R"("x")");
    CHECK_FALSE(json::raw_member(text, "a"));
  }
  const auto open = json::raw_members(R"({"a":"x\)");
  REQUIRE(open.parts.size() == 1);
  CHECK(open.parts[0].value == R"("x\)");
}

TEST_CASE("codec/json_raw: a text of another kind has no parts") {
  for (const std::string_view text : {"", " ", "1", "\"{}\"", "null", "]"}) {
    CAPTURE(text);
    CHECK_FALSE(json::raw_members(text).whole);
    CHECK(json::raw_members(text).parts.empty());
    CHECK_FALSE(json::raw_items(text).whole);
    CHECK(json::raw_items(text).parts.empty());
  }
  CHECK_FALSE(json::raw_items("{}").whole);
  CHECK_FALSE(json::raw_members("[]").whole);
}

TEST_CASE("codec/json_raw: items of an array") {
  CHECK(json::raw_items("[]").whole);
  CHECK(json::raw_items("[]").parts.empty());
  CHECK(json::raw_items("[ 1 ,\"a,b\", [2,3],{} ]").parts == Parts{"1", "\"a,b\"", "[2,3]", "{}"});
  CHECK_FALSE(json::raw_items("[1,2").whole);
}

TEST_CASE("codec/json_raw: a member by its name, and what a string holds") {
  CHECK(json::raw_member(R"({"kid":"a","kid":"b"})", "kid") == R"("a")");
  CHECK_FALSE(json::raw_member(R"({"x":{"kid":"a"}})", "kid"));
  CHECK_FALSE(json::raw_member(R"({"k\u0069d":"a"})", "kid"));
  CHECK(json::raw_string(R"("a\"b")") == R"(a\"b)");
  CHECK(json::raw_string("\"\"") == "");
  CHECK(json::raw_string("\"cut") == "cut");
  CHECK(json::raw_string("\"") == "");
  CHECK_FALSE(json::raw_string("12"));
}
