#include "core/token/tool_check.hpp"

#include "core/base/reason.hpp"
#include "support.hpp"

namespace mcpauth::token {
namespace {

jose::Report judged(std::string_view claims, std::string_view tool) {
  jose::Report report;
  report.verdict = jose::Verdict::valid;
  report.claims = *json::parse(claims);
  check_tool(report, engine_of(kPolicy), tool);
  return report;
}

std::string_view refusal(std::string_view claims, std::string_view tool) {
  const auto report = judged(claims, tool);
  CHECK(report.verdict == jose::Verdict::invalid);
  CHECK(report.claims.is_null());
  REQUIRE(report.first_failure() != nullptr);
  CHECK(report.first_failure()->name == "policy");
  return report.first_failure()->reason;
}

}  // namespace

TEST_CASE("token/tool_check: a token with what the tool needs passes") {
  const auto report =
      judged(R"({"scope":"x:y db:read:employee db:write:salary"})", "hr/set_salary");
  CHECK(report.verdict == jose::Verdict::valid);
  CHECK(report.checks.back().outcome == jose::Outcome::pass);
  CHECK(judged(R"({"scope":["db:read:employee"]})", "hr/get_employee").verdict ==
        jose::Verdict::valid);
  CHECK(judged(R"({"roles":["reader"]})", "hr/ping").verdict == jose::Verdict::valid);
}

TEST_CASE("token/tool_check: a missing scope, an unknown tool and no role are refused") {
  CHECK(refusal(R"({"scope":"db:read:employee"})", "hr/set_salary") == reason::kMissingScope);
  CHECK(refusal(R"({"scope":"db:read:employeex"})", "hr/get_employee") == reason::kMissingScope);
  CHECK(refusal(R"({"scope":"db:read:*"})", "hr/get_employee") == reason::kMissingScope);
  CHECK(refusal(R"({"scope":[1]})", "hr/get_employee") == reason::kMissingScope);
  CHECK(refusal("{}", "hr/get_employee") == reason::kMissingScope);
  CHECK(refusal(R"({"scope":"db:read:employee"})", "hr/other") == reason::kUnknownTool);
  CHECK(refusal("{}", "hr/ping") == reason::kNoRole);
  CHECK(refusal(R"({"roles":[]})", "hr/ping") == reason::kNoRole);
  CHECK(refusal(R"({"roles":["nobody-has-defined-it"]})", "hr/ping") == reason::kNoRole);
}

TEST_CASE("token/tool_check: a token that is not valid is not judged by the policy") {
  jose::Report report;
  report.verdict = jose::Verdict::invalid;
  check_tool(report, engine_of(kPolicy), "hr/get_employee");
  CHECK(report.verdict == jose::Verdict::invalid);
  CHECK(report.checks.back().outcome == jose::Outcome::skip);
}

}  // namespace mcpauth::token
