#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "core/config/config.hpp"

namespace mcpauth::config {

/// Every problem of a text as "line:column: message | hint"; none when it parses.
inline std::vector<std::string> problems_of(std::string_view text) {
  const auto parsed = parse(text, "conf/mcpauth.toml");
  std::vector<std::string> list;
  if (parsed) return list;
  CHECK(parsed.error().code == Errc::config);
  for (const auto& problem : parsed.error().problems) {
    CHECK(problem.file == "conf/mcpauth.toml");
    list.push_back(std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                   problem.message + (problem.hint.empty() ? "" : " | " + problem.hint));
  }
  return list;
}

/// The only problem of a text.
inline std::string problem_of(std::string_view text) {
  CAPTURE(std::string(text));
  const auto all = problems_of(text);
  std::string joined;
  for (const auto& each : all)
    joined += (joined.empty() ? "" : "\n") + each;
  return joined;
}

/// An [[idp]] that is right, with lines of its own at the end.
inline std::string idp(std::string_view more = "") {
  return "[[idp]]\nname = \"okta\"\npreset = \"okta\"\nissuer = \"https://acme.okta.com\"\n"
         "audience = [\"api://mcpauth\"]\n" +
         std::string(more);
}

}  // namespace mcpauth::config
