#include "core/token/claims.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"

namespace mcpauth::token {
namespace {

Claims full() {
  return {.issuer = "https://i",
          .subject = "alice",
          .audience = "https://hr",
          .client_id = "cli",
          .org = "acme",
          .scopes = {"a:b", "c:d"},
          .roles = {"reader"},
          .idp = "okta",
          .kind = policy::SubjectKind::workload,
          .actor = json::Object{{"sub", "agent"}},
          .confirmation = json::Object{{"jkt", "x"}},
          .extra = json::Object{{"team", 7}}};
}

}  // namespace

TEST_CASE("token/claims: every claim has its name and place") {
  CHECK(json::write(to_json(full())) ==
        R"({"iss":"https://i","sub":"alice","aud":"https://hr","client_id":"cli",)"
        R"("scope":"a:b c:d","org_id":"acme","roles":["reader"],"idp":"okta",)"
        R"("sub_kind":"workload","act":{"sub":"agent"},"cnf":{"jkt":"x"},"team":7})");
}

TEST_CASE("token/claims: what is empty is left out") {
  const Claims bare{.issuer = "i", .subject = "s", .audience = "a", .client_id = "c", .org = "o"};
  CHECK(json::write(to_json(bare)) ==
        R"({"iss":"i","sub":"s","aud":"a","client_id":"c","org_id":"o"})");
}

TEST_CASE("token/claims: a token without org, subject, audience, issuer or client is refused") {
  const auto without = [](std::string Claims::* member) {
    Claims claims = full();
    (claims.*member).clear();
    const auto checked = check(claims);
    REQUIRE_FALSE(checked);
    return checked.error().reason;
  };
  CHECK(check(full()));
  CHECK(without(&Claims::org) == reason::kNoOrg);
  CHECK(without(&Claims::subject) == reason::kNoSubject);
  CHECK(without(&Claims::audience) == reason::kMissingClaim);
  CHECK(without(&Claims::issuer) == reason::kMissingClaim);
  CHECK(without(&Claims::client_id) == reason::kMissingClaim);
}

TEST_CASE("token/claims: registered claims cannot be given by hand") {
  for (const auto* name : {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope",
                           "org_id", "roles", "idp", "sub_kind", "act", "cnf"}) {
    CAPTURE(name);
    Claims claims = full();
    claims.extra.set(name, 1);
    const auto checked = check(claims);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().reason == reason::kBadClaim);
  }
}

TEST_CASE("token/claims: a reserved name in another case is refused, and one name in two cases") {
  for (const auto* name : {"Exp", "SUB", "Client_ID", "aCt"}) {
    CAPTURE(name);
    Claims claims = full();
    claims.extra = {{name, 1}};
    CHECK(check(claims).error().reason == reason::kBadClaim);
  }
  Claims claims = full();
  claims.extra = {{"team", 1}, {"Team", 2}};
  CHECK(check(claims).error().message == "the claim `Team` is given twice, in another case");
}

TEST_CASE("token/claims: what is not UTF-8 is refused and not rewritten") {
  const std::string bad = "ali\xff";
  for (const auto member :
       {&Claims::subject, &Claims::org, &Claims::audience, &Claims::client_id}) {
    Claims claims = full();
    claims.*member = bad;
    const auto checked = check(claims);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Errc::usage);
    CHECK(checked.error().reason == reason::kBadClaim);
  }
  for (const auto& extra : {json::Object{{bad, 1}}, json::Object{{"team", bad}}}) {
    Claims claims = full();
    claims.extra = extra;
    CHECK_FALSE(check(claims));
  }
}

TEST_CASE("token/claims: only a concrete scope is one") {
  for (const auto* good : {"db:read:employee", "mcp", "a.b:c-d_e", "https://x/y"}) {
    CAPTURE(good);
    CHECK(is_concrete_scope(good));
  }
  for (const auto* bad : {"", "*", "db:*", "db:read:**", "a b", "a::b", ":a", "a:", "a\tb", "\"",
                          "a\\b", "\xc3\xa9", "a\nb"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_concrete_scope(bad));
    Claims claims = full();
    claims.scopes = {bad};
    CHECK(check(claims).error().reason == reason::kBadScope);
  }
}

}  // namespace mcpauth::token
