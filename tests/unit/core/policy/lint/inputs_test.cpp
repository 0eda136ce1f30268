#include "core/policy/lint/inputs.hpp"

#include <doctest/doctest.h>

using namespace mcpauth;
using namespace mcpauth::policy::lint;

namespace {

/// "hr/get r-- hr/set -do" of what was read, or the error.
std::string tools(std::string_view text, std::string_view server = "hr") {
  const auto read = parse_tools(text, server, "tools.json");
  if (!read) return read.error().message;
  std::string out;
  for (const auto& tool : read->tools) {
    out += (out.empty() ? "" : " ") + tool.name + " " + (tool.is_read_only ? "r" : "-") +
           (tool.is_destructive ? "d" : "-") + (tool.is_open_world ? "o" : "-");
  }
  return out;
}

std::string groups(std::string_view text) {
  const auto read = parse_groups(text, "groups.txt");
  if (!read) return read.error().message;
  std::string out;
  for (const auto& group : *read)
    out += (out.empty() ? "" : "|") + group;
  return out;
}

}  // namespace

TEST_CASE("lint/inputs: a server's answer in each of its forms") {
  constexpr std::string_view kList = R"([{"name": "set", "inputSchema": {"type": "object"}},
    {"name": "get", "title": "Get", "annotations": {"readOnlyHint": true, "openWorldHint": false}}])";
  constexpr std::string_view kExpected = "hr/get r-- hr/set -do";
  CHECK(tools(kList) == kExpected);
  CHECK(tools("{\"tools\": " + std::string(kList) + "}") == kExpected);
  CHECK(tools("{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {\"tools\": " + std::string(kList) +
              "}}") == kExpected);
  CHECK(tools("{\"hr\": {\"tools\": " + std::string(kList) + "}, \"code\": [{\"name\": \"push\"}]}",
              "") == "code/push -do hr/get r-- hr/set -do");
}

TEST_CASE("lint/inputs: annotations and their defaults") {
  const auto of = [](std::string_view annotations) {
    return tools("[{\"name\": \"x\", \"annotations\": " + std::string(annotations) + "}]");
  };
  CHECK(of("null") == "hr/x -do");
  CHECK(of("{}") == "hr/x -do");
  CHECK(of(R"({"destructiveHint": false})") == "hr/x --o");
  CHECK(of(R"({"readOnlyHint": true, "destructiveHint": true})") == "hr/x r-o");
  CHECK(of(R"({"readOnlyHint": "yes"})") ==
        "`tools.json`: of tool `hr/x`, `readOnlyHint` is neither true nor false");
}

TEST_CASE("lint/inputs: what is not a list of tools is refused") {
  CHECK(tools("[{\"name\": \"x\"}]", "") == "`tools.json`: it does not say whose tools these are");
  CHECK(tools("{\"tools\": [], \"nextCursor\": \"2\"}") ==
        "`tools.json`: the answer of `hr` is one page of several: `nextCursor` names the next");
  CHECK(tools(R"({"code": [], "hr": {"error": {"code": -32601}}})", "") ==
        "`tools.json`: the answer of `hr` is an error, not its tools");
  CHECK(tools("[{\"name\": \"" + std::string(128, 'x') + "\"}]").starts_with("hr/xx"));
  CHECK(tools("[{\"name\": \"" + std::string(1 << 20, 'x') + "\"}]").size() < 400);
  CHECK(tools("[{\"name\": \"get*\"}]") ==
        "`tools.json`: `hr/get*` is not a tool that a policy could name");
  CHECK(tools("[{\"name\": \"x\"}, {\"name\": \"x\"}]") ==
        "`tools.json`: tool `hr/x` is listed twice");
  CHECK(tools("[{\"title\": \"x\"}]") == "`tools.json`: a tool has no name");
  CHECK(tools("[{\"name\": \"a/b\"}]") ==
        "`tools.json`: `hr/a/b` is not a tool that a policy could name");
  CHECK(tools("[{\"name\": \"a\\u200b\"}]").ends_with("is not a tool that a policy could name"));
  CHECK(tools("{}") == "`tools.json`: the answer of `hr` has no list of tools");
  CHECK(tools("{}", "") == "");
  CHECK(tools("7", "") == "`tools.json`: there is no list of tools");
  CHECK(tools("[").starts_with("`tools.json`: "));
}

TEST_CASE("lint/inputs: groups, a line each or as JSON") {
  CHECK(groups("okta:HR\r\n\n# comment\nokta:Everyone\nokta:HR\n") == "okta:Everyone|okta:HR");
  CHECK(groups(" [\"okta:b\", \"okta:a\"] ") == "okta:a|okta:b");
  CHECK(groups("") == "");
  CHECK(groups("okta:a:b, c") == "okta:a:b, c");
  CHECK(groups("okta:HR\nHR\n") == "`groups.txt`: line 2 is not idp:group: `HR`");
  CHECK(groups("[\"okta:\"]") == "`groups.txt`: item 1 is not idp:group: `okta:`");
  CHECK(groups("[\"\"]") == "`groups.txt`: item 1 is not idp:group: ``");
  CHECK(groups("[7]") == "`groups.txt`: the array holds a value that is not a string");
  CHECK(groups("okta:\xFF") == "`groups.txt`: it is not UTF-8");
}
