#include "core/codec/text.hpp"

#include <array>

#include <doctest/doctest.h>

namespace mcpauth::text {
namespace {

struct Shown {
  std::string_view from_outside;
  std::string_view shown;
};

void check_all(std::span<const Shown> table) {
  for (const auto& row : table) {
    CAPTURE(row.shown);
    CHECK(printable(row.from_outside) == row.shown);
  }
}

}  // namespace

TEST_CASE("codec/text: well-formed UTF-8 by the table of the standard, nothing more") {
  for (const std::string_view good : {"", "a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\x91",
                                      "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CAPTURE(good);
    CHECK(is_utf8(good));
  }
  for (const std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xe2\x82", "\xed\xa0\x80",
        "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
        "a\xc3"
        "b"}) {
    CAPTURE(printable(bad));
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("codec/text: a long text is cut at a code point, says its length and is cut once") {
  const std::string fits(280, 'a');
  CHECK(excerpt(fits) == fits);
  CHECK(excerpt(fits + "a") == std::string(240, 'a') + "… (281 bytes)");
  CHECK(excerpt(std::string(70'000, 'a')) == std::string(240, 'a') + "… (70,000 bytes)");
  CHECK(excerpt(std::string(1'234'567, '\xff')).ends_with("\xff… (1,234,567 bytes)"));
  std::string keys;
  for (int i = 0; i < 300; ++i)
    keys += "🔑";
  CHECK(excerpt(keys) == keys.substr(0, 240 * 4) + "… (1,200 bytes)");
  CHECK(excerpt(keys.substr(0, 280 * 4)) == keys.substr(0, 280 * 4));
  CHECK(excerpt(excerpt(keys)) == excerpt(keys));
}

TEST_CASE("codec/text: in a message only what is quoted is cut, unless there is no end to it") {
  const std::string prose(300, 'p');
  const std::string value(300, 'v');
  const std::string short_value = std::string(240, 'v') + "… (300 bytes)";
  CHECK(shortened("cannot open `" + value + "`: " + prose) ==
        "cannot open `" + short_value + "`: " + prose);
  CHECK(shortened("`" + value) == "`" + short_value);
  CHECK(shortened("a `b` c `d`") == "a `b` c `d`");
  CHECK(shortened("") == "");
  CHECK(shortened(std::string(70'000, 'x')) == std::string(1960, 'x') + "… (70,000 bytes)");
  std::string quotes;  // a value with backquotes of its own
  for (int i = 0; i < 30'000; ++i)
    quotes += "`x";
  CHECK(shortened(quotes).size() < 2020);
  CHECK(shortened(shortened(quotes)) == shortened(quotes));
}

TEST_CASE("codec/text: what is plain text stays as it is") {
  for (const std::string_view plain :
       {"", "HR readers", "Größe 日本語 🔑", "a::b", "C:\\dir", "# heading", "##", "##abc", "a:"}) {
    CHECK(printable(plain) == plain);
  }
}

TEST_CASE("codec/text: nothing from outside reaches a terminal as a control sequence") {
  check_all(std::array<Shown, 8>{{
      {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
      {"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
      {"\x1b]8;;https://evil.example\x1b\\link", "\\x1b]8;;https://evil.example\\x1b\\link"},
      {"\xc2\x9b"
       "31m",
       "\\u{009b}31m"},
      {"back\b\bspace\x7f", "back\\x08\\x08space\\x7f"},
      {"one\ntwo\r\nthree\tfour", "one\\x0atwo\\x0d\\x0athree\\x09four"},
      {"\xe2\x80\xa8line", "\\u{2028}line"},
      {std::string_view("nul\0nul", 7), "nul\\x00nul"},
  }});
}

TEST_CASE("codec/text: bidi and invisible characters are shown as what they are") {
  check_all(std::array<Shown, 9>{{
      {"admin\xe2\x80\xae"
       "nimda",
       "admin\\u{202e}nimda"},
      {"\xe2\x81\xa6isolate\xe2\x81\xa9", "\\u{2066}isolate\\u{2069}"},
      {"\xd8\x9c", "\\u{061c}"},
      {"ad\xe2\x80\x8bmin", "ad\\u{200b}min"},
      {"ad\xc2\xadmin", "ad\\u{00ad}min"},
      {"HR\xc2\xa0", "HR\\u{00a0}"},
      {"\xef\xbb\xbf"
       "bom",
       "\\u{feff}bom"},
      {"\xf3\xa0\x81\x81tag", "\\u{e0041}tag"},
      {"\xef\xb8\x8f", "\\u{fe0f}"},
  }});
}

TEST_CASE("codec/text: bytes that are not UTF-8 are shown one by one") {
  check_all(std::array<Shown, 3>{{
      {"a\xff"
       "b",
       "a\\xffb"},
      {"\xc3(", "\\xc3("},
      {"\xe2\x82", "\\xe2\\x82"},
  }});
}

TEST_CASE("codec/text: text from outside cannot be a command to a CI system") {
  check_all(std::array<Shown, 6>{{
      {"::add-mask::x", "\\x3a:add-mask::x"},
      {"  ::set-output name=a::b", "  \\x3a:set-output name=a::b"},
      {"##[error]x", "\\x23#[error]x"},
      {"group ##vso[task.setvariable]x", "group \\x23#vso[task.setvariable]x"},
      {"##teamcity[x]", "\\x23#teamcity[x]"},
      {"###[x]", "#\\x23#[x]"},
  }});
}

TEST_CASE("codec/text: distance counts edits and swapped neighbours") {
  CHECK(distance("", "abc") == 3);
  CHECK(distance("mint", "mint") == 0);
  CHECK(distance("mnit", "mint") == 1);
  CHECK(distance("verfy", "verify") == 1);
  CHECK(distance("kitten", "sitting") == 3);
}

TEST_CASE("codec/text: the nearest candidate is named only when it is near") {
  constexpr std::array<std::string_view, 5> kFlags = {"--audience", "--issuer", "--key", "-v",
                                                      "--jwks"};
  CHECK(nearest("--audiance", kFlags) == "--audience");
  CHECK(nearest("rs256", std::vector<std::string_view>{"ES256", "RS256"}) == "RS256");
  CHECK(nearest("--aud", kFlags) == "--audience");
  CHECK(nearest("-issuer", kFlags) == "--issuer");
  CHECK(nearest("--jkws", kFlags) == "--jwks");
  CHECK_FALSE(nearest("--frobnicate", kFlags));
  CHECK_FALSE(nearest("-x", kFlags));
  CHECK_FALSE(nearest("", kFlags));
  CHECK_FALSE(nearest(std::string(1000, 'a'), kFlags));
  CHECK(did_you_mean("--isuer", kFlags) == "did you mean `--issuer`?");
  CHECK(did_you_mean("--frobnicate", kFlags).empty());
}

TEST_CASE("codec/text: n separators give n+1 parts") {
  CHECK(split("", ':') == std::vector<std::string_view>{""});
  CHECK(split("a:b::", ':') == std::vector<std::string_view>{"a", "b", "", ""});
}

}  // namespace mcpauth::text
