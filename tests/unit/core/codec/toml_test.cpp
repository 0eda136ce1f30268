#include "core/codec/toml.hpp"

#include <cmath>
#include <string>

#include <doctest/doctest.h>

using namespace mcpauth;

namespace {

toml::Table read(std::string_view text) {
  auto table = toml::parse(text, "f.toml");
  if (!table) FAIL(table.error().message);
  return *std::move(table);
}

/// "line:column message" of the refusal.
std::string refusal(std::string_view text, const toml::Limits& limits = {}) {
  const auto table = toml::parse(text, "f.toml", limits);
  if (table) return "taken";
  CHECK(table.error().code == Errc::config);
  REQUIRE(table.error().problems.size() == 1);
  const Problem& problem = table.error().problems.front();
  CHECK(problem.file == "f.toml");
  return std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " +
         problem.message;
}

std::string place(const toml::Span& span) {
  return std::to_string(span.line) + ":" + std::to_string(span.column) + "-" +
         std::to_string(span.end_line) + ":" + std::to_string(span.end_column);
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

}  // namespace

TEST_CASE("codec/toml: entries keep the order of the file and their places") {
  const auto root =
      read("zeta = \"é\"  # ü\nalpha = [1,\n  'b']\n\"mid dle\" = { y = true, x = 2.5 }\n");
  REQUIRE(root.entries.size() == 3);
  CHECK(root.entries[0].key == "zeta");
  CHECK(root.entries[1].key == "alpha");
  CHECK(root.entries[2].key == "mid dle");
  CHECK(place(root.entries[0].key_span) == "1:1-1:5");
  CHECK(place(root.entries[0].node.span) == "1:8-1:11");
  CHECK(place(root.entries[1].node.span) == "2:9-3:7");
  CHECK(place(root.entries[1].node.array()->at(1).span) == "3:3-3:6");
  CHECK(place(root.entries[2].key_span) == "4:1-4:10");
  const auto* inner = root.entries[2].node.table();
  REQUIRE(inner);
  CHECK(inner->entries[0].key == "y");
  CHECK(inner->entries[1].key == "x");
  CHECK(place(inner->entries[1].key_span) == "4:25-4:26");
}

TEST_CASE("codec/toml: headers and dotted names have places too") {
  const auto root = read("[a.b]\nc.d = 1\n\n[[list]]\nx = 1\n[[list]]\nx = 2\n");
  const auto* a = root.find("a");
  REQUIRE(a);
  CHECK(place(root.entries[0].key_span) == "1:2-1:3");
  const auto* b = a->table()->find("b");
  REQUIRE(b);
  CHECK(place(a->table()->entries[0].key_span) == "1:4-1:5");
  CHECK(place(b->span) == "1:1-1:6");
  CHECK(place(b->table()->entries[0].key_span) == "2:1-2:2");
  CHECK(place(b->table()->find("c")->table()->entries[0].key_span) == "2:3-2:4");
  const auto* list = root.find("list")->array();
  REQUIRE(list);
  REQUIRE(list->size() == 2);
  CHECK(place(list->at(0).span) == "4:1-4:9");
  CHECK(place(list->at(1).span) == "6:1-6:9");
}

TEST_CASE("codec/toml: every kind of value arrives as what it is") {
  const auto root = read(
      "b = true\ni = -7\nh = 0xff\nf = 1e3\nn = nan\nm = -inf\ns = \"a\\tb\\u00e9\"\n"
      "l = 'a\\tb'\nd = 2027-01-31\nz = 2027-01-31T10:00:00Z\no = 2027-01-31T10:00:00+02:00\n"
      "u = 2027-01-31 10:00:00.9Z\nt = \"\"\"\nx\"\"\\\"\"\"\"\"\n");
  CHECK(*root.find("b")->boolean());
  CHECK(*root.find("i")->integer() == -7);
  CHECK(*root.find("h")->integer() == 255);
  CHECK(std::get<double>(root.find("f")->value) == 1000.0);
  CHECK(std::isnan(std::get<double>(root.find("n")->value)));
  CHECK(std::isinf(std::get<double>(root.find("m")->value)));
  CHECK(*root.find("s")->string() == "a\tb\u00e9");
  CHECK(*root.find("l")->string() == "a\\tb");
  using namespace std::chrono;
  CHECK(std::get<toml::Date>(root.find("d")->value) == 2027y / January / 31);
  const Instant ten = sys_days(2027y / January / 31) + hours(10);
  CHECK(std::get<Instant>(root.find("z")->value) == ten);
  CHECK(std::get<Instant>(root.find("o")->value) == ten - hours(2));
  CHECK(std::get<Instant>(root.find("u")->value) == ten);
  CHECK(*root.find("t")->string() == "x\"\"\"\"");
  CHECK(root.find("b")->kind() == "a boolean");
  CHECK(root.find("d")->kind() == "a date");
  CHECK(root.find("z")->kind() == "a date and time");
  CHECK(root.find("nothing") == nullptr);
}

TEST_CASE("codec/toml: a time without a date and a date that is none are refused") {
  CHECK(refusal("a = 1\nt = 10:00:00\n") == "2:5 a time needs a date");
  CHECK(refusal("d = 2027-02-30\n").starts_with("1:"));
}

TEST_CASE("codec/toml: a time without an offset is not taken for UTC") {
  const std::string here = "a time needs an offset";
  CHECK(refusal("a = 1\nt = 2027-01-01T00:00:00\n") == "2:5 " + here);
  CHECK(refusal("t = [{ u = 2027-01-01 00:00:00.5 }]\n") == "1:12 " + here);
  CHECK(refusal("t = 2027-01-01T00:00:00-00:00\n") == "taken");
}

TEST_CASE("codec/toml: bytes that two readers could see differently never reach the library") {
  CHECK(refusal("\xEF\xBB\xBF"
                "a = 1") == "1:1 begins with a byte order mark");
  CHECK(refusal("a = 1\nb = \"\xff\"") == "2:6 invalid UTF-8 byte 0xff");
  CHECK(refusal("a = \"\xed\xa0\x80\"") == "1:6 invalid UTF-8 byte 0xed");
  CHECK(refusal("a = \"\xc0\xaf\"") == "1:6 invalid UTF-8 byte 0xc0");
  CHECK(refusal("a = \"\xf4\x90\x80\x80\"") == "1:6 invalid UTF-8 byte 0xf4");
  CHECK(refusal("# \xe2\x82") == "1:3 invalid UTF-8 byte 0xe2");
  CHECK(refusal(std::string_view("a = 1\n# \0", 9)) == "2:3 control character 0x00");
  CHECK(refusal("a = \"\x1b[31m\"") == "1:6 control character 0x1b");
  CHECK(refusal("a = '\x7f'") == "1:6 control character 0x7f");
  CHECK(refusal("a = 1\rb = 2\n") == "1:6 control character 0x0d");
}

TEST_CASE("codec/toml: non-ASCII stands in strings and comments and nowhere else") {
  const std::string beyond = "a character beyond ASCII outside a string or comment";
  CHECK(refusal("\u00e9 = 1") == "1:1 " + beyond);
  CHECK(refusal("a = 1 \u00a0") == "1:7 " + beyond);
  CHECK(refusal("a = \u00e9") == "1:5 " + beyond);
  CHECK(refusal("[\"\u00e9\".\u00e9]") == "1:6 " + beyond);
  CHECK(refusal("a = \"#\" \u00e9") == "1:9 " + beyond);
  CHECK(refusal("a = '\\' \u00e9") == "1:9 " + beyond);
  CHECK(refusal("a = \"\\\"\" \u00e9") == "1:10 " + beyond);
  CHECK(refusal("a = '''\n'' ' \u00e9''' \u00e9") == "2:11 " + beyond);
  CHECK(refusal("a = '''\u00e9''\u00e9''''' # \u00e9\n[\"\u00e9\"]\n") == "taken");
}

TEST_CASE("codec/toml: any character may follow a line-ending backslash") {
  for (const std::string_view character :
       {"\xC2\xA7", "\xC3\xA9", "\xEF\xB1\xBF", "\xF0\x9F\x94\x91"}) {
    const auto table = read("a = \"\"\"x\\\n  " + std::string(character) + "y\"\"\"\n");
    CHECK(*table.find("a")->string() == "x" + std::string(character) + "y");
  }
}

TEST_CASE("codec/toml: a string after a bare value is refused before the library sees it") {
  const std::string here = "a string cannot begin here";
  CHECK(refusal("d=0'''\u00e9'''") == "1:4 " + here);
  CHECK(refusal("d=0\"\u00e9\"") == "1:4 " + here);
  CHECK(refusal("d=\"a\"\"\u00e9\"") == "1:6 " + here);
  CHECK(refusal("d=[1\"\u00e9\"]") == "1:5 " + here);
  CHECK(refusal("a'\u00e9'=1") == "1:2 " + here);
  CHECK(refusal("[a.'b'.\"c\"]\nd=['x','y',{'k'=\"v\"}]\n") == "taken");
}

TEST_CASE("codec/toml: names with odd characters and brackets that do not pair are placed") {
  CHECK(refusal("[$") == "1:2 a table header needs a name after `[`");
  CHECK(refusal("[[") == "1:3 a table header needs a name after `[`");
  CHECK(refusal("[a\nb = 1") == "1:3 the table header is not closed with `]`");
  CHECK(refusal("a:b = 1") == "1:2 `:` cannot stand in a name without quotes");
  CHECK(refusal("a = { b: 1 }") == "1:8 `:` cannot stand in a name without quotes");
  CHECK(refusal("a = [1, 2") == "1:5 `[` is not closed");
  CHECK(refusal("a = [1}") == "1:7 `}` closes nothing");
  CHECK(refusal("a = \"b\nc\"") == "1:5 the string is not closed");
  CHECK(refusal("a = '''b") == "1:5 the string is not closed");
}

TEST_CASE("codec/toml: a second definition is named and placed at its name") {
  CHECK(refusal("a = 1\nb = 2\n  a = 3\n") == "3:3 `a` is defined a second time");
  CHECK(refusal("[roles.x]\n[roles.y]\n[roles.x]\n") == "3:1 `roles.x` is defined a second time");
  CHECK(refusal("t = { \"\u00e9\" = 1, \"\u00e9\" = 2 }\n") ==
        "1:16 `\"\u00e9\"` is defined a second time");
  CHECK(refusal("a.'b c' = 1\na . 'b c' = 2\n") == "2:1 `a . 'b c'` is defined a second time");
  CHECK(refusal("t = {a=1,b.c=1,b.c=2}\n") == "1:16 `b.c` is defined a second time");
  CHECK(refusal("a = 1\na.b = 2\n").starts_with("2:1 "));
}

TEST_CASE("codec/toml: what the library finds wrong is placed as well") {
  CHECK(refusal("a = 1\nb =\n").starts_with("2:4 "));
  CHECK(refusal("a = 1\nb = \"\\q\"\n").starts_with("2:"));
  CHECK(refusal("a = 01\n").starts_with("1:"));
  CHECK(refusal("a = 1 b = 2\n").starts_with("1:7 "));
  CHECK(refusal("a.\n").starts_with("1:3 "));
}

TEST_CASE("codec/toml: nesting is bounded before anything recurses") {
  const std::string deep = "nested more than 32 levels deep";
  CHECK(refusal("a = " + repeat("[", 5'000'000)) == "1:37 " + deep);
  CHECK(refusal("a = " + repeat("{a=", 2'000'000)).find(deep) != std::string::npos);
  CHECK(refusal(repeat("a.", 4'000'000) + "a = 1").find(deep) != std::string::npos);
  CHECK(refusal("[" + repeat("a.", 4'000'000) + "a]").find(deep) != std::string::npos);
  const std::string dotted = repeat("a.", 30) + "a";
  CHECK(refusal("[" + dotted + "]\n" + dotted + " = 1\n").find(deep) != std::string::npos);
  CHECK(refusal("a = " + repeat("[", 31) + repeat("]", 31)) == "taken");
}

TEST_CASE("codec/toml: size, values and tables are bounded") {
  CHECK(refusal("a = 1", {.bytes = 4}) == "1:1 larger than 4 bytes");
  CHECK(refusal("a = [1,1,1,1]", {.values = 3}) == "1:11 more than 3 values");
  std::string many;
  for (int i = 0; i < 40'000; ++i)
    many += "x" + std::to_string(i) + ".a.b=1\n";
  CHECK(refusal(many).ends_with("more than 65536 dotted names"));
  many.clear();
  for (int i = 0; i < 2'000; ++i)
    many += "[[x" + std::to_string(i) + "]]\n";
  CHECK(refusal(many).ends_with("more than 1024 different lists of tables"));
}
