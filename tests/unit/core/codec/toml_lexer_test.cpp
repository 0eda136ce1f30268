#include "core/codec/toml_lexer.hpp"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/codec/toml.hpp"
#include "core/codec/toml_scan.hpp"

using namespace mcpauth;
using Kind = toml::Lexeme::Kind;

namespace {

/// The kind of the lexeme that holds each byte.
std::vector<Kind> kinds_of(std::string_view text) {
  std::vector<Kind> out;
  while (!text.empty()) {
    const auto lexeme = toml::first_lexeme(text);
    REQUIRE_FALSE(lexeme.text.empty());
    out.insert(out.end(), lexeme.text.size(), lexeme.kind);
    text.remove_prefix(lexeme.text.size());
  }
  return out;
}

/// Each has the letter `a` in places where a quote, a `#` or a backslash near it could mislead.
constexpr std::string_view kValues[] = {
    "a",
    "'a'",
    R"("a")",
    R"("a\"#a")",
    R"("a\\")",
    R"('a\')",
    R"("'a'#")",
    R"('"a"#')",
    R"("""a"a""a\"""a"""")",
    "\"\"\"\\\na#\n\"\"\"\"\"",
    "'''a''a\\\n#a'\n''''",
    R"("")",
    "''",
    R"("""""")",
    "\"a\\\\\\\"a\"",
};

std::string random_text(std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return random() % limit; };
  std::string out;
  for (std::size_t line = 0; line < 1 + below(4); ++line) {
    const auto value = kValues[below(std::size(kValues))];
    const auto other = kValues[below(std::size(kValues))];
    const auto key = std::string(1, static_cast<char>('p' + line));
    if (below(3) == 0) {
      out.append(key).append(" = [").append(value).append(", # a'\"\r\n").append(other).append("]");
    } else {
      out.append(key).append("=").append(value);
    }
    out += below(2) == 0 ? " # a \" ''' \"\"\" #" : "";
    out += below(4) == 0 ? "\r\n" : "\n";
  }
  // One byte in three texts goes, so that quotes come unpaired.
  if (below(3) == 0) out.erase(below(out.size()), 1);
  return out;
}

}  // namespace

TEST_CASE(
    "codec/toml_lexer: a lexeme is a whole string, a comment, a line break or what is between") {
  const auto first = [](std::string_view text) { return toml::first_lexeme(text).text; };
  CHECK(first("a = 'b'") == "a = ");
  CHECK(first("\n\n") == "\n");
  CHECK(first("# a 'b' \r\nc") == "# a 'b' \r");
  CHECK(first(R"("a\"b"c)") == R"("a\"b")");
  CHECK(first(R"('a\'b)") == R"('a\')");
  CHECK(first("\"\"\"a\n\"\"\"\"\"\"") == "\"\"\"a\n\"\"\"\"\"");
  CHECK(first("''") == "''");
}

TEST_CASE(
    "codec/toml_lexer: a string that is not closed reaches to the end of its line or the text") {
  const auto open = [](std::string_view text) {
    const auto lexeme = toml::first_lexeme(text);
    CHECK_FALSE(lexeme.is_closed);
    return lexeme.text;
  };
  CHECK(open("\"a\nb\"") == "\"a");
  CHECK(open("'a\r\nb'") == "'a");
  CHECK(open("\"a\\") == "\"a\\");
  CHECK(open("\"a\\\"") == "\"a\\\"");
  CHECK(open("'''a\n''") == "'''a\n''");
}

// The scan refuses a character beyond ASCII outside strings and comments. So wherever a letter is
// replaced by one, the scan shows what it takes that place for.
TEST_CASE("codec/toml_lexer: the scan and the lexer see strings and comments in the same places") {
  std::mt19937 random(
      20261129);  // NOLINT(bugprone-random-generator-seed): the same texts each time
  unsigned accepted = 0;
  for (unsigned round = 0; round < 3000; ++round) {
    const auto text = random_text(random);
    CAPTURE(text);
    if (toml::scan(text, "f.toml", {})) continue;
    ++accepted;
    const auto kinds = kinds_of(text);
    for (auto at = text.find('a'); at != std::string::npos; at = text.find('a', at + 1)) {
      auto changed = text;
      changed.replace(at, 1, "é");
      CAPTURE(at);
      CHECK((kinds[at] == Kind::other) == toml::scan(changed, "f.toml", {}).has_value());
    }
  }
  CHECK(accepted > 1500);
}

TEST_CASE("codec/toml_lexer: a file without its comments reads the same") {
  std::mt19937 random(
      20261130);  // NOLINT(bugprone-random-generator-seed): the same texts each time
  for (unsigned round = 0; round < 3000; ++round) {
    const auto text = random_text(random);
    if (!toml::parse(text, "f.toml")) continue;
    const auto kinds = kinds_of(text);
    std::string bare = text;
    for (std::size_t at = 0; at < bare.size(); ++at) {
      if (kinds[at] == Kind::comment && bare[at] != '\r') bare[at] = ' ';
    }
    CAPTURE(text);
    const auto before = toml::parse(text, "f.toml");
    const auto after = toml::parse(bare, "f.toml");
    REQUIRE(after);
    REQUIRE(before->entries.size() == after->entries.size());
    for (std::size_t i = 0; i < before->entries.size(); ++i) {
      const auto* value = before->entries[i].node.string();
      if (value == nullptr) continue;
      REQUIRE(after->entries[i].node.string());
      CHECK(*after->entries[i].node.string() == *value);
    }
  }
}
