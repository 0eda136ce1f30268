#include "core/policy/lint/source/comments.hpp"

#include <string>

#include "core/codec/toml.hpp"
#include "unit/core/policy/engine/random_world.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;

namespace {

/// The text with blanks in place of its comments.
std::string without_comments(std::string_view text) {
  std::string out(text);
  for (const auto& comment : policy::lint::comments_of(text))
    out.replace(comment.offset, comment.text.size(), comment.text.size(), ' ');
  return out;
}

std::string random_text(reference::Dice& dice) {
  const std::vector<std::string> values = {R"("#")",       R"('#')", R"("\"#")",
                                           R"("\\")",      R"('\')", R"("""#"#""#\"""")",
                                           "'''\n#\n''''", "1"};
  const std::vector<std::string> comments = {"", "# a", "#'", R"(#"")", "#'''", R"(# """ #)"};
  std::string out;
  for (const char key : std::string_view("abcde")) {
    out.append(1, key).append(" = [").append(dice.pick(values)).append(", ");
    out.append(dice.pick(comments)).append(dice.one_in(2) ? "\n" : "\r\n");
    out.append(dice.pick(values)).append("]").append(dice.pick(comments)).append("\n");
  }
  return out;
}

}  // namespace

TEST_CASE("lint/comments: a comment has its place, and may be alone on its line") {
  const auto comments =
      policy::lint::comments_of("a = '#' # one\r\n  # two\nb = '''\n# not\n'''#three");
  REQUIRE(comments.size() == 3);
  CHECK(comments[0].text == "# one");
  CHECK(comments[0].line == 1);
  CHECK_FALSE(comments[0].is_alone);
  CHECK(comments[1].text == "# two");
  CHECK(comments[1].is_alone);
  CHECK(comments[2].text == "#three");
  CHECK(comments[2].line == 5);
  CHECK(comments[2].offset == 40);
}

TEST_CASE("lint/comments: the parser agrees about what is a comment") {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    reference::Dice dice(seed);
    const auto text = random_text(dice);
    CAPTURE(text);
    const auto before = toml::parse(text, "f.toml");
    REQUIRE(before);
    const auto bare = without_comments(text);
    CHECK(policy::lint::comments_of(bare).empty());
    const auto after = toml::parse(bare, "f.toml");
    REQUIRE(after);
    REQUIRE(after->entries.size() == before->entries.size());
    for (std::size_t i = 0; i < after->entries.size(); ++i) {
      const auto& a = *before->entries[i].node.array();
      const auto& b = *after->entries[i].node.array();
      REQUIRE(a.size() == b.size());
      for (std::size_t j = 0; j < a.size(); ++j)
        CHECK(a[j].value.index() == b[j].value.index());
      if (a[0].string() != nullptr) CHECK(*a[0].string() == *b[0].string());
    }
  }
}
