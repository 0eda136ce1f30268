#include "core/policy/lint/source/formatter.hpp"

#include "core/codec/toml.hpp"
#include "core/policy/lint/fix/same.hpp"
#include "core/policy/lint/source/comments.hpp"
#include "unit/core/policy/engine/random_world.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;

namespace {

std::string in_format(std::string_view text) {
  auto out = policy::lint::formatted(text, "rbac.toml");
  CAPTURE(text);
  REQUIRE(out);
  const auto again = policy::lint::formatted(*out, "rbac.toml");
  REQUIRE(again);
  CHECK(*again == *out);
  return *std::move(out);
}

/// Blanks and line breaks where they mean nothing, so that there is something to format.
std::string ruffled(const std::string& text, reference::Dice& dice) {
  std::string out;
  bool in_string = false;
  bool is_header = false;
  for (const char c : text) {
    if (out.empty() || out.back() == '\n') is_header = c == '[';
    if (c == '"') in_string = !in_string;
    const bool may = !in_string && std::string_view("=,[]").find(c) != std::string_view::npos;
    const bool in_header = !out.empty() && (out.back() == '[' || out.back() == ']');
    if (may && c != '[' && !in_header && !is_header && dice.one_in(3)) out += "  ";
    out += c;
    if (c == ',' && !in_string && dice.one_in(4))
      out += "\n\t# " + std::to_string(dice.below(9)) + "\n";
    if (c == '\n' && dice.one_in(4)) out += dice.one_in(2) ? "\n\n" : "   # alone\n";
  }
  return out;
}

std::string all_comments(std::string_view text) {
  std::vector<std::string> list;
  for (const auto& comment : policy::lint::comments_of(text))
    list.emplace_back(comment.text);
  std::ranges::sort(list);
  std::string out;
  for (const auto& one : list)
    out += one + "\n";
  return out;
}

}  // namespace

TEST_CASE("lint/formatter: blanks stand around = and after commas, and nowhere else") {
  CHECK(in_format("a=1\nlong   =[ 'x','y' ,\"z\" ]   # why \n") ==
        "a    = 1\nlong = ['x', 'y', \"z\"]  # why\n");
  CHECK(in_format("a={risk='low' ,  b . \"c\"=[]}\n") == "a = { risk = 'low', b.\"c\" = [] }\n");
  CHECK(in_format("a . b=2027-01-31 10:00:00Z") == "a.b = 2027-01-31 10:00:00Z\n");
  CHECK(in_format("a = {}\nb = [ ]\n") == "a = {}\nb = []\n");
}

TEST_CASE("lint/formatter: a blank line stands before each table and the comments above it") {
  CHECK(in_format("\n\n[a]\nx = 1\n# b\n[ b . 'c' ]\n\n\n\nx = 1\n[[d]]\n\n") ==
        "[a]\nx = 1\n\n# b\n[b.'c']\n\nx = 1\n\n[[d]]\n");
}

TEST_CASE("lint/formatter: entries of a list keep their lines, indented") {
  CHECK(in_format("a = [\n\"x\",   # one\n      \"y\",\n\n\n  # two\n [ 1,\n2 ],\n    ]\n") ==
        "a = [\n  \"x\",  # one\n  \"y\",\n\n  # two\n  [1,\n    2],\n]\n");
}

TEST_CASE("lint/formatter: keys of a role and a grant stand in the order of the documentation") {
  CHECK(in_format("version = 1\n[roles.r]\nttl = \"5m\"\ndeny = []  # none\nscopes = []\n"
                  "[[grant]]\ngroups = []\nrole = \"r\"\n") ==
        "version = 1\n\n[roles.r]\nscopes = []\ndeny   = []  # none\nttl    = \"5m\"\n\n"
        "[[grant]]\nrole   = \"r\"\ngroups = []\n");
}

TEST_CASE("lint/formatter: keys do not pass a comment, a blank line or one that is not known") {
  const std::string text =
      "version = 1\n\n[roles.r]\nttl = \"5m\"\n# mcpauth: ignore[RB201] why\nscopes = []\n\n"
      "[roles.s]\nttl = \"5m\"\n\nscopes = []\n\n[roles.t]\nttl   = \"5m\"\nscope = []\n\n"
      "[tools]\n\"z/z\" = []\n\"a/a\" = []\n";
  CHECK(in_format(text) == text);
}

TEST_CASE("lint/formatter: a comment keeps the key that it stands above") {
  CHECK(in_format("version = 1\n\n[roles.r]\n# mcpauth: ignore[global-wildcard] break glass\n"
                  "scopes = [\"**\"]\nttl = \"5m\"\ninherits = [\"base\"]\n") ==
        "version = 1\n\n[roles.r]\n# mcpauth: ignore[global-wildcard] break glass\n"
        "scopes   = [\"**\"]\ninherits = [\"base\"]\nttl      = \"5m\"\n");
}

TEST_CASE("lint/formatter: strings and comments stay as they are, whatever is in them") {
  const std::string text =
      "a = \"  [ x ,y ]=#  \"\nb = '''\n  [ x ,y ]  \n\n\n#  '''\nc = \"\"\"\\\n   \"\"\"  #[ x ,y "
      "]=1\n";
  CHECK(in_format(text) == text);
}

TEST_CASE("lint/formatter: windows line ends become plain ones, and what is no TOML is refused") {
  CHECK(in_format("a = 1\r\n# b\r\n") == "a = 1\n# b\n");
  const auto refused = policy::lint::formatted("a = \n", "f.toml");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::config);
  CHECK(in_format("") == "");
}

TEST_CASE("lint/formatter: a policy means the same before and after, and no comment is lost") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    reference::Dice dice(seed);
    const auto text = ruffled(reference::text(dice.world(), dice), dice);
    CAPTURE(text);
    const auto before = policy::parse(text, "rbac.toml");
    REQUIRE(before);
    const auto out = in_format(text);
    const auto after = policy::parse(out, "rbac.toml");
    REQUIRE(after);
    CHECK(policy::lint::compare(*before, *after,
                                Instant(std::chrono::seconds(reference::kDay - 1))) ==
          policy::lint::Sameness::same);
    CHECK(all_comments(out) == all_comments(text));
  }
}
