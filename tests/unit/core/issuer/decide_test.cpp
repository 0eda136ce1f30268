#include "core/issuer/decide.hpp"

#include "core/base/reason.hpp"
#include "unit/core/issuer/support.hpp"

namespace mcpauth::issuer {

TEST_CASE("issuer/decide: without scopes asked for, all that the policy gives") {
  const auto order = ask(member_of({"okta:HR"}), {});
  REQUIRE(order);
  CHECK(order->claims.scopes == std::vector<std::string>{"db:read:employee"});
  CHECK(order->claims.roles == std::vector<std::string>{"reader"});
  CHECK(order->claims.org == "acme");
  CHECK(order->claims.client_id == "mcpauth");
  CHECK(order->ttl == minutes(10));
}

TEST_CASE("issuer/decide: --for-tool gives the least that the tool needs") {
  const auto admin = member_of({"okta:HR-admins"});
  CHECK(ask(admin, {.audience = {}, .tool = "hr/get_employee"})->claims.scopes ==
        std::vector<std::string>{"db:read:employee"});
  CHECK(ask(admin, {.audience = {}, .tool = "hr/set_salary"})->claims.scopes ==
        std::vector<std::string>{"db:read:employee", "db:write:salary"});
  CHECK(ask(admin, {.audience = {}, .tool = "hr/ping"})->claims.scopes.empty());
}

TEST_CASE(
    "issuer/decide: a scope beyond the policy is denied, and the edge that is missing named") {
  const auto denied = ask(member_of({"okta:HR"}),
                          {.audience = {}, .scopes = {"db:read:employee", "db:write:salary"}});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Errc::denied);
  CHECK(denied.error().reason == reason::kScopeNotHeld);
  CHECK(denied.error().message == "`alice` may not have scope `db:write:salary`");
  CHECK(denied.error().why == "the roles held are `reader`");
  CHECK(denied.error().hint ==
        "a grant of role `writer` to `okta:HR` in org `acme` would allow it (rbac.toml)");
}

TEST_CASE("issuer/decide: a deny is named with its line") {
  const auto denied =
      ask(member_of({"okta:HR-admins"}), {.audience = {}, .scopes = {"db:write:payroll"}});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().reason == reason::kScopeDenied);
  CHECK(denied.error().why == "role `writer` denies `db:write:payroll` at rbac.toml:15");
}

TEST_CASE("issuer/decide: who holds no role gets nothing, not an empty token") {
  for (const auto& who :
       {member_of({}), member_of({"okta:Sales"}), member_of({"okta:HR"}, "globex"),
        member_of({"okta:hr"}), member_of({"HR"})}) {
    const auto denied = ask(who, {});
    REQUIRE_FALSE(denied);
    CHECK(denied.error().code == Errc::denied);
    CHECK(denied.error().reason == reason::kNoGrant);
    CHECK(denied.error().hint.starts_with("add a [[grant]] of a role to "));
  }
}

TEST_CASE("issuer/decide: a grant that has expired is named, not asked for once more") {
  const auto policy = policy_of(
      "version = 1\n[roles.reader]\nscopes = [\"db:read\"]\n"
      "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:HR\"]\norg = \"acme\"\n"
      "expires = 2020-01-01\n");
  for (const std::vector<std::string>& scopes : {std::vector<std::string>{}, {"db:read"}}) {
    const auto denied = decide(member_of({"okta:HR"}), policy,
                               {.audience = "https://hr", .scopes = scopes}, kTerms, kNow);
    REQUIRE_FALSE(denied);
    CHECK(denied.error().hint == "the grant at rbac.toml:4 has expired: give it a later `expires`");
  }
}

TEST_CASE("issuer/decide: a tool that no entry matches is denied") {
  const auto denied = ask(member_of({"okta:HR"}), {.audience = {}, .tool = "hr/drop_table"});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().reason == reason::kUnknownTool);
}

TEST_CASE("issuer/decide: a role's ttl caps the lifetime and is named with its place") {
  const auto admin = member_of({"okta:HR-admins"});
  CHECK(ask(admin, {})->ttl == minutes(5));
  const auto over = ask(admin, {.audience = {}, .ttl = minutes(10)});
  REQUIRE_FALSE(over);
  CHECK(over.error().reason == reason::kTtlOutOfRange);
  CHECK(over.error().message ==
        "a lifetime of 10m is over the cap of 5m, set by role `writer` (rbac.toml:12)");
}

TEST_CASE("issuer/decide: an IdP token that soon expires bounds the lifetime, down to 5 minutes") {
  auto who = member_of({"okta:HR"});
  who.expires = kNow + minutes(7);
  CHECK(ask(who, {})->ttl == minutes(7));
  const auto over = ask(who, {.audience = {}, .ttl = minutes(8)});
  REQUIRE_FALSE(over);
  CHECK(over.error().message.find("the expiry of the IdP token") != std::string::npos);
  who.expires = kNow + minutes(1);
  CHECK(ask(who, {})->ttl == minutes(5));
}

TEST_CASE("issuer/decide: a principal of another organisation than the one wanted is denied") {
  CHECK(ask(member_of({"okta:HR"}), {.audience = {}, .org = "acme"}));
  const auto denied = ask(member_of({"okta:HR"}), {.audience = {}, .org = "globex"});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Errc::denied);
  CHECK(denied.error().reason == reason::kWrongOrg);
  CHECK(denied.error().message == "the subject token is of org `acme`, not `globex`");
}

TEST_CASE("issuer/decide: a brief denial has the reason, and neither roles nor places") {
  const Terms brief{.url = kTerms.url, .ttl = kTerms.ttl, .denials = Denials::brief};
  const auto policy = policy_of(token::kPolicy);
  for (const Wanted& wanted : {Wanted{.audience = "a", .scopes = {"db:write:salary"}},
                               Wanted{.audience = "a", .tool = "hr/set_salary"}}) {
    const auto denied = decide(member_of({"okta:HR"}), policy, wanted, brief, kNow);
    const auto explained = decide(member_of({"okta:HR"}), policy, wanted, kTerms, kNow);
    REQUIRE_FALSE(denied);
    REQUIRE_FALSE(explained);
    CHECK(denied.error().code == Errc::denied);
    CHECK(denied.error().reason == explained.error().reason);
    CHECK(denied.error().message == explained.error().message);
    CHECK(denied.error().why.empty());
    CHECK(denied.error().hint.empty());
    CHECK_FALSE(explained.error().hint.empty());
  }
}

}  // namespace mcpauth::issuer
