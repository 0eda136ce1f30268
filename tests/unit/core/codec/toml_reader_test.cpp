#include "core/codec/toml_reader.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace mcpauth::toml {
namespace {

constexpr std::string_view kKeys[] = {"name", "groups", "inner"};

struct Fixture {
  Table root;
  Problems problems{"a.toml"};

  TableReader reader(std::string_view text) {
    root = parse(text, "a.toml").value();
    return {problems, root, {.line = 1, .column = 1}, "the file", kKeys};
  }

  /// All problems, each as "line:column message | hint".
  std::string said() {
    std::string out;
    for (const auto& problem : problems.take()) {
      out += (out.empty() ? "" : "\n") + std::to_string(problem.line) + ":" +
             std::to_string(problem.column) + " " + problem.message +
             (problem.hint.empty() ? "" : " | " + problem.hint);
    }
    return out;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "codec/toml_reader: what is there and right is read") {
  auto table = reader("name = \"a\"\ngroups = [\"x\", \"y\"]\n[inner]\n");
  REQUIRE(table.text("name") != nullptr);
  CHECK(*table.text("name") == "a");
  REQUIRE(table.texts("groups").size() == 2);
  CHECK(*table.texts("groups")[1]->string() == "y");
  CHECK(table_of(problems, *table.require("inner"), "`inner`").entries.empty());
  CHECK(problems.empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "codec/toml_reader: an absent key reads as empty; required, it is a fault") {
  auto table = reader("");
  CHECK(table.find("name") == nullptr);
  CHECK(table.text("name") == nullptr);
  CHECK(table.texts("groups").empty());
  CHECK(problems.empty());
  CHECK(table.require("name") == nullptr);
  CHECK(said() == "1:1 the file needs `name`");
}

TEST_CASE_FIXTURE(Fixture, "codec/toml_reader: unknown keys name the nearest, or all there are") {
  reader("nmae = 1\nzzzzzzzz = 1\n");
  CHECK(said() ==
        "1:1 unknown key `nmae` in the file | did you mean `name`?\n"
        "2:1 unknown key `zzzzzzzz` in the file | the keys are name, groups, inner");
}

TEST_CASE_FIXTURE(Fixture, "codec/toml_reader: a value of the wrong type is a fault at its place") {
  auto table = reader("groups = [1, \"x\", []]\nname = 7\ninner = true\n");
  CHECK(table.texts("groups").size() == 1);
  CHECK(table.text("name", "in quotes") == nullptr);
  CHECK(table_of(problems, *table.find("inner"), "`inner`").entries.empty());
  CHECK(said() ==
        "1:11 an item of `groups` must be a string, not a whole number\n"
        "1:19 an item of `groups` must be a string, not a list\n"
        "2:8 `name` must be a string, not a whole number | in quotes\n"
        "3:9 `inner` must be a table, not a boolean");
}

TEST_CASE_FIXTURE(Fixture, "codec/toml_reader: a lone string is suggested in brackets") {
  auto table = reader("groups = \"x\"\n");
  CHECK(table.texts("groups").empty());
  CHECK(table.texts("groups", "a list").empty());
  CHECK(said() ==
        "1:10 `groups` must be a list of strings, not a string | write [\"x\"]\n"
        "1:10 `groups` must be a list of strings, not a string | a list");
}

TEST_CASE_FIXTURE(Fixture, "codec/toml_reader: only the first hundred words get a suggestion") {
  std::string text;
  for (int i = 0; i < 101; ++i)
    text += "name" + std::to_string(i) + " = 1\n";
  reader(text);
  const auto all = said();
  CHECK(all.find("100:1 unknown key `name99` in the file | did you mean") != std::string::npos);
  CHECK(all.find("101:1 unknown key `name100` in the file | the keys are") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "codec/toml_reader: a node that is not a table has no keys") {
  const auto parsed = parse("user = 1\n", "a.toml").value();
  TableReader table(problems, *parsed.find("user"), "a user", kKeys);
  CHECK(table.text("name") == nullptr);
  CHECK(said() == "1:8 a user must be a table, not a whole number");
}

}  // namespace mcpauth::toml
