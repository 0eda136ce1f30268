#include "core/codec/json.hpp"

#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "core/base/reason.hpp"

using namespace mcpauth;
using json::parse;

namespace {

std::string refusal(std::string_view text, const json::Limits& limits = {}) {
  const auto value = parse(text, limits);
  return value ? "accepted" : value.error().message;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("codec/json: a document is read with its types and the order of its members") {
  const auto value =
      parse(R"( {"b":1,"a":[true,null,-2.5,"x\u00e9\ud83d\ude00"],"u":18446744073709551615} )");
  REQUIRE(value);
  CHECK(
      json::write(*value) ==
      "{\"b\":1,\"a\":[true,null,-2.5,\"x\xC3\xA9\xF0\x9F\x98\x80\"],\"u\":18446744073709551615}");
  CHECK(value->find("b")->integer() == 1);
  CHECK(!value->find("u")->integer());
  CHECK(value->find("u")->number() == 18446744073709551615.0);
  CHECK(value->find("nothing") == nullptr);
  CHECK(value->find("a")->find("b") == nullptr);
}

TEST_CASE("codec/json: scalars stand alone") {
  CHECK(parse("null")->is_null());
  CHECK(*parse("true")->boolean());
  CHECK(*parse(R"("")")->string() == "");
  CHECK(parse("-9223372036854775808")->integer() == std::numeric_limits<std::int64_t>::min());
  CHECK(parse("9223372036854775807")->integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(parse("1e2")->number() == 100.0);
  CHECK(!parse("1e2")->integer());
}

TEST_CASE("codec/json: what is not strict JSON is refused, and the byte is named") {
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"", "byte 1: unexpected end of input"},
      {"{", "unexpected end of input"},
      {"[1,]", "byte 4: unexpected ']'"},
      {R"({"a":1,})", "byte 8: unexpected '}'"},
      {"\xEF\xBB\xBF{}", "byte 1: a byte order mark"},
      {"{} x", "byte 4"},
      {"{}{}", "byte 3: unexpected '{'"},
      {std::string_view("{}\0", 3), "byte 3: a NUL byte"},
      {std::string_view("\"a\0\"", 4), "byte 3: a NUL byte"},
      {R"("a\u0000")", "byte 9: a string holds U+0000"},
      {R"({"a\u0000":1})", "a member name holds U+0000"},
      {R"("\ud800")", "surrogate"},
      {R"("\udc00")", "surrogate"},
      {R"("\ud800\u0041")", "surrogate"},
      {"\"\xC3\"", "UTF-8"},
      {"\"\xC0\xAF\"", "UTF-8"},
      {"\"\xED\xA0\x80\"", "UTF-8"},
      {"\"\xF5\x80\x80\x80\"", "UTF-8"},
      {"\"a\nb\"", "control character"},
      {R"("\x41")", "forbidden character after backslash"},
      {"18446744073709551616", "64-bit range"},
      {"-9223372036854775809", "64-bit range"},
      {"123456789012345678901234567890", "64-bit range"},
      {"1e400", "out of range"},
      {"-1e400", "out of range"},
      {"01", "byte 2"},
      {"+1", "byte 1"},
      {".5", "byte 1"},
      {"1.", "byte 3"},
      {"0x10", "byte 2"},
      {"NaN", "byte 1"},
      {"Infinity", "byte 1"},
      {"'a'", "byte 1"},
      {"// x\n1", "byte 1"},
      {"{a:1}", "byte 2"}};
  for (const auto& [text, why] : texts) {
    CAPTURE(text);
    CAPTURE(refusal(text));
    CHECK(contains(refusal(text), why));
  }
}

TEST_CASE("codec/json: an error does not repeat what it stumbled over") {
  CHECK(!contains(refusal(R"({"password": hunter2})"), "hunter"));
}

TEST_CASE("codec/json: a second member of one name is refused in small and large objects") {
  CHECK(contains(refusal(R"({"sub":1,"sub":2})"), "two members named `sub`"));
  CHECK(contains(refusal(R"({"sub":1,"\u0073ub":2})"), "two members named `sub`"));
  CHECK(contains(refusal(R"([{"x":{"a":1,"b":2,"a":3}}])"), "two members named `a`"));
  std::string large = "{\"k77\":0";
  for (int i = 0; i < 40'000; ++i)
    large += ",\"k" + std::to_string(i) + "\":0";
  CHECK(contains(refusal(large + "}"), "two members named `k77`"));
  large.replace(2, 3, "K77");
  CHECK(refusal(large + "}") == "accepted");
}

TEST_CASE("codec/json: depth, values and bytes are bounded") {
  const json::Limits limits{.bytes = 1 << 20, .depth = 64, .values = 1000};
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(refusal(nested(64), limits) == "accepted");
  CHECK(contains(refusal(nested(65), limits), "byte 65: nested deeper than 64"));
  CHECK(contains(refusal(nested(500'000), limits), "nested deeper than 64"));
  std::string many = "[0";
  for (int i = 0; i < 998; ++i)
    many += ",0";
  CHECK(refusal(many + "]", limits) == "accepted");
  CHECK(contains(refusal(many + ",0]", limits), "more than 1000 values"));
  CHECK(contains(refusal("[1]", {.bytes = 2}), "over the limit of 2"));
  CHECK(parse("[1]", {.bytes = 2}).error().reason == reason::kTooLarge);
}

TEST_CASE("codec/json: a pointer follows RFC 6901 section 5") {
  const auto value = parse(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,)"
                           R"("i\\j":5,"k\"l":6," ":7,"m~n":8})");
  REQUIRE(value);
  const std::pair<std::string_view, int> numbers[] = {{"/", 0},     {"/a~1b", 1}, {"/c%d", 2},
                                                      {"/e^f", 3},  {"/g|h", 4},  {"/i\\j", 5},
                                                      {"/k\"l", 6}, {"/ ", 7},    {"/m~0n", 8}};
  for (const auto& [pointer, number] : numbers) {
    CAPTURE(pointer);
    REQUIRE(value->at_pointer(pointer) != nullptr);
    CHECK(value->at_pointer(pointer)->integer() == number);
  }
  CHECK(value->at_pointer("") == &*value);
  CHECK(*value->at_pointer("/foo/1")->string() == "baz");
  for (const auto* nowhere :
       {"foo", "/foo/2", "/foo/01", "/foo/-", "/foo/+1", "/foo/ 1", "/foo/", "/foo/0/x", "/a/b",
        "/m~n", "/m~2n", "/m~", "/foo/99999999999999999999"}) {
    CAPTURE(nowhere);
    CHECK(value->at_pointer(nowhere) == nullptr);
  }
}

TEST_CASE("codec/json: a written string stays on one line and is valid JSON") {
  CHECK(json::quote("a\"\\\b\f\n\r\t\x01\x7F") == R"("a\"\\\b\f\n\r\t\u0001\u007f")");
  CHECK(json::quote("\xE2\x80\xA8\xE2\x80\xA9\xC2\x85") == R"("\u2028\u2029\u0085")");
  // Bidi override, zero-width space, tag: not to be seen, and not to be read past.
  CHECK(json::quote("\xE2\x80\xAE\xE2\x80\x8B\xF3\xA0\x81\x81") == R"("\u202e\u200b\udb40\udc41")");
  CHECK(json::quote("\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x94\x91") ==
        "\"\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x94\x91\"");
  CHECK(json::quote("\xE2\x82\xAC") == "\"\xE2\x82\xAC\"");
  CHECK(json::quote("a\xFFz\xC3") == R"("a\ufffdz\ufffd")");
}

TEST_CASE("codec/json: numbers are written so that their type comes back") {
  for (const auto& value : {json::Value(1.0), json::Value(-0.0), json::Value(0.1),
                            json::Value(1e300), json::Value(5e-324), json::Value(-7),
                            json::Value(std::numeric_limits<std::uint64_t>::max())}) {
    CAPTURE(json::write(value));
    const auto back = parse(json::write(value));
    REQUIRE(back);
    CHECK(back->storage().index() == value.storage().index());
    CHECK(*back == value);
  }
  CHECK(json::write(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("codec/json: pretty printing indents by two and keeps empty containers short") {
  CHECK(json::write_pretty(*parse(R"({"a":[1,{}],"b":[]})")) ==
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

TEST_CASE("codec/json: objects are equal whatever their order") {
  CHECK(*parse(R"({"a":1,"b":{"c":[]}})") == *parse(R"({"b":{"c":[]},"a":1})"));
  CHECK(!(*parse(R"({"a":1})") == *parse(R"({"a":1,"b":1})")));
  CHECK(!(*parse(R"({"a":1})") == *parse(R"({"a":1.0})")));
  CHECK(!(*parse("{}") == *parse("[]")));
}

TEST_CASE("codec/json: set replaces the member of that name") {
  json::Object object{{"a", 1}, {"b", 2}, {"a", 3}};
  object.set("b", "x");
  CHECK(json::write(object) == R"({"a":3,"b":"x"})");
}

namespace {

class Tree {
 public:
  explicit Tree(unsigned seed) : random_(seed) {}
  json::Value value(unsigned depth) {
    switch (random_() % (depth == 0 ? 6 : 8)) {
      case 0:
        return nullptr;
      case 1:
        return random_() % 2 == 0;
      case 2:
        return static_cast<std::int64_t>(random_());
      case 3:
        return static_cast<double>(random_()) / 3.0;
      case 4:
        return static_cast<std::uint64_t>(random_()) | std::uint64_t{1} << 63U;
      case 5:
        return text();
      case 6: {
        json::Array array;
        for (auto n = random_() % 5; n > 0; --n)
          array.push_back(value(depth - 1));
        return array;
      }
      default: {
        json::Object object;
        for (auto n = random_() % 25; n > 0; --n)
          object.set(text(), value(depth - 1));
        return object;
      }
    }
  }

 private:
  std::string text() {
    static constexpr std::string_view kPieces[] = {
        "a", "\"", "\\", "\n", "\x7F", "\xC3\xA9", "\xE2\x80\xA8", "\xF0\x9F\x98\x80", "/", "\x01"};
    std::string out;
    for (auto n = random_() % 9; n > 0; --n)
      out += kPieces[random_() % std::size(kPieces)];
    return out;
  }
  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("codec/json: what is written is read back the same, compact and pretty") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const auto value = Tree(seed).value(4);
    const auto text = json::write(value);
    CAPTURE(text);
    CHECK(!contains(text, "\n"));
    const auto back = parse(text);
    REQUIRE(back);
    CHECK(*back == value);
    CHECK(json::write(*back) == text);
    const auto pretty = parse(json::write_pretty(value));
    REQUIRE(pretty);
    CHECK(*pretty == value);
  }
}
