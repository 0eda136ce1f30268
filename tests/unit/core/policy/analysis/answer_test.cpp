#include "core/policy/analysis/answer.hpp"

#include <doctest/doctest.h>

using namespace mcpauth;

namespace {

std::string answered(std::string_view line, policy::analysis::Answered expected) {
  auto policy = policy::parse(
      "version = 1\n[tools]\n\"hr/get\" = [\"hr:read\"]\n[roles.r]\nscopes = [\"hr:*\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n",
      "rbac.toml");
  REQUIRE(policy);
  const policy::Engine engine(*std::move(policy));
  std::string out;
  CHECK(policy::analysis::answer(engine, line, 7, Instant{}, out) == expected);
  return out;
}

}  // namespace

TEST_CASE("analysis/answer: a decision with its reason and the rule behind it") {
  using enum policy::analysis::Answered;
  CHECK(answered(R"({"groups":["okta:HR"],"org":"acme","tool":"hr/get"})", allowed) ==
        "{\"line\":7,\"decision\":\"allow\",\"reason\":\"granted\",\"rule\":\"rbac.toml:5:11\"}\n");
  CHECK(answered(R"({"groups":["okta:HR"],"org":"acme","scope":"x:y","subject":"ann"})", denied) ==
        "{\"line\":7,\"decision\":\"deny\",\"reason\":\"scope-not-held\"}\n");
  CHECK(answered(R"({"groups":[],"org":"acme","tool":"hr/get"})", denied) ==
        "{\"line\":7,\"decision\":\"deny\",\"reason\":\"no-grant\",\"rule\":\"rbac.toml:3:1\"}\n");
}

TEST_CASE("analysis/answer: a line that is not a question is answered with an error") {
  for (const auto* line :
       {"", "null", "[]", "{}", "{\"groups\":[\"a:b\"],\"org\":\"x\"}",
        "{\"groups\":\"a:b\",\"org\":\"x\",\"tool\":\"s/t\"}",
        "{\"groups\":[1],\"org\":\"x\",\"tool\":\"s/t\"}",
        "{\"groups\":[],\"org\":\"\",\"tool\":\"s/t\"}", "{\"org\":\"x\",\"tool\":\"s/t\"}",
        "{\"groups\":[],\"org\":\"x\",\"tool\":\"s/t\",\"scope\":\"a\"}",
        "{\"groups\":[],\"org\":\"x\",\"org\":\"y\",\"tool\":\"s/t\"}",
        "{\"groups\":[],\"org\":\"x\",\"tool\":\"s/t\",\"role\":\"r\"}"}) {
    CAPTURE(line);
    const auto out = answered(line, policy::analysis::Answered::failed);
    CHECK(out.starts_with("{\"line\":7,\"decision\":\"error\",\"error\":\""));
    CHECK(out.ends_with("\"}\n"));
  }
}
