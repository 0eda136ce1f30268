#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/policy/engine/decide.hpp"

using namespace mcpauth;
using namespace mcpauth::policy;
using namespace std::chrono;

TEST_CASE("examples: the small company's policy grants what its comments say") {
  const auto text = read_file(MCPAUTH_EXAMPLES "/policies/small-company/rbac.toml");
  REQUIRE(text);
  auto policy = parse(*text, "rbac.toml");
  if (!policy) FAIL(policy.error().message);
  const Engine engine(*std::move(policy));
  const auto ask = [&](std::string group, std::string_view tool,
                       Instant now = sys_days(2027y / January / 1)) {
    const Principal who{.idp = "okta",
                        .subject = "ann",
                        .org = "acme",
                        .groups = {"okta:Everyone", std::move(group)},
                        .client_id = {}};
    return std::string(engine.tool(who, tool, now).reason);
  };
  CHECK(ask("okta:None", "hr/get_employee") == "granted");
  CHECK(ask("okta:None", "hr/get_salary") == "scope-not-held");
  CHECK(ask("okta:None", "hr/help") == "open-tool");
  CHECK(ask("okta:Engineering", "code/create_issue") == "granted");
  CHECK(ask("okta:Engineering", "code/deploy") == "scope-not-held");
  CHECK(ask("okta:On-call", "code/deploy") == "granted");
  CHECK(ask("github:acme/shop:environment:production", "code/deploy") == "granted");
  CHECK(ask("entra:HR", "hr/set_salary") == "scope-not-held");
  CHECK(ask("okta:HR", "hr/set_salary") == "granted");
  CHECK(ask("okta:HR", "hr/drop_tables") == "unknown-tool");
  CHECK(ask("okta:Contractors", "hr/get_employee") == "scope-denied");
  CHECK(ask("okta:Contractors", "hr/get_employee", sys_days(2027y / July / 1)) == "granted");
  CHECK(ask("okta:Finance", "payments/approve") == "scope-not-held");
  const Principal both{.idp = "okta",
                       .subject = "ann",
                       .org = "acme",
                       .groups = {"okta:Finance", "okta:Finance-leads"},
                       .client_id = {}};
  CHECK(engine.tool(both, "payments/approve", sys_days(2027y / January / 1)).allowed);
  CHECK(engine.tool(both, "payments/create", sys_days(2027y / January / 1)).reason ==
        "scope-denied");
}
