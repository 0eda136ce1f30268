#include "core/policy/engine/pattern.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace mcpauth::policy;

TEST_CASE("policy/pattern: a scope pattern matches segment by segment") {
  CHECK(scope_matches("db:read:employee", "db:read:employee"));
  CHECK_FALSE(scope_matches("db:read:employee", "db:read:employees"));
  CHECK_FALSE(scope_matches("db:read:employee", "DB:read:employee"));
  CHECK(scope_matches("db:*:employee", "db:read:employee"));
  CHECK(scope_matches("db:read:*", "db:read:employee"));
  CHECK_FALSE(scope_matches("db:read:*", "db:read"));
  CHECK_FALSE(scope_matches("db:read:*", "db:read:employee:name"));
  CHECK_FALSE(scope_matches("db:*", "db:read:employee"));
  CHECK(scope_matches("db:**", "db:read"));
  CHECK(scope_matches("db:**", "db:read:employee:name"));
  CHECK_FALSE(scope_matches("db:**", "db"));
  CHECK_FALSE(scope_matches("db:**", "dbx:read"));
  CHECK(scope_matches("**", "a"));
  CHECK(scope_matches("**", "a:b:c"));
  CHECK(scope_matches("*", "a"));
  CHECK_FALSE(scope_matches("*", "a:b"));
}

TEST_CASE("policy/pattern: a malformed scope is reported with the reason") {
  const auto scope = [](std::string_view text) {
    return scope_fault(text, Wildcards::no).value_or("ok");
  };
  const auto pattern = [](std::string_view text) {
    return scope_fault(text, Wildcards::yes).value_or("ok");
  };
  CHECK(scope("repo") == "ok");
  CHECK(scope("A-z.0_9:b") == "ok");
  CHECK(scope(std::string(256, 'a')) == "ok");
  CHECK(scope(std::string(257, 'a')) == "is longer than 256 bytes");
  CHECK(scope("") == "is empty");
  CHECK(scope("a:*") == "is a pattern, not a scope");
  for (const auto* text : {"a:", ":a", "a::b", ":"}) {
    CAPTURE(text);
    CHECK(pattern(text) == "has an empty segment");
  }
  for (const auto* text : {"a b", "a\tb", "a/b", "\u00e9", "a,b", "a:b\"", "a\\b"}) {
    CAPTURE(text);
    CHECK(scope(text) == "has a character that is not a letter, digit, `.`, `_` or `-`");
  }
  CHECK(pattern("a:*:c:**") == "ok");
  CHECK(pattern("**") == "ok");
  CHECK(pattern("a:**:b") == "has `**` before the end, but it can only be the last segment");
  for (const auto* text : {"a*", "a:b*:c", "***", "a:*b"}) {
    CAPTURE(text);
    CHECK(pattern(text) == "has a wildcard inside a segment, but `*` must be a whole segment");
  }
}

TEST_CASE("policy/pattern: a tool pattern's star stays within its half") {
  CHECK(tool_matches("hr/get", "hr/get"));
  CHECK_FALSE(tool_matches("hr/get", "hr/Get"));
  CHECK(tool_matches("hr/*", "hr/get"));
  CHECK(tool_matches("hr/get*", "hr/get"));
  CHECK(tool_matches("hr/*_*_x", "hr/a_b_c_x"));
  CHECK_FALSE(tool_matches("hr/*_*_x", "hr/a_x"));
  CHECK(tool_matches("*/get", "hr/get"));
  CHECK(tool_matches("h*r/*t", "hr/get"));
  CHECK_FALSE(tool_matches("*", "hr/get"));
  CHECK_FALSE(tool_matches("hr/*", "hrx/get"));
  CHECK_FALSE(tool_matches("*/*", "hr/get/x"));
  CHECK_FALSE(tool_matches("*/*", "hr"));
  CHECK_FALSE(tool_matches("*/*", "hr/"));
  CHECK_FALSE(tool_matches("*/*", "/get"));
  CHECK(literal_count("hr/*") == 3);
  CHECK(literal_count("*/*_x") == 3);
}

TEST_CASE("policy/pattern: a glob against a long name costs no more than their product") {
  std::string pattern = "s/";
  for (int i = 0; i < 100; ++i)
    pattern += "*a";
  CHECK_FALSE(tool_matches(pattern + "b", "s/" + std::string(100'000, 'a')));
}

TEST_CASE("policy/pattern: a malformed tool pattern is reported with the reason") {
  const auto tool = [](std::string_view text) { return tool_fault(text).value_or("ok"); };
  CHECK(tool("hr/get_employee") == "ok");
  CHECK(tool("*/*") == "ok");
  for (const auto* text : {"hr", "hr/", "/x", "hr/a/b", "", "/"}) {
    CAPTURE(text);
    CHECK(tool(text) == "is not a tool of the form server/tool");
  }
  CHECK(tool("hr/a b") == "has a blank or a character that is not ASCII");
  CHECK(tool("hr/\u00e9") == "has a blank or a character that is not ASCII");
  CHECK(tool("hr/**") == "has `**`, but one `*` already matches any run of characters");
  CHECK(tool("hr/" + std::string(254, 'a')) == "is longer than 256 bytes");
}
