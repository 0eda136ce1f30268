#include "unit/core/identity/support.hpp"

namespace mcpauth::identity {
namespace {

// RFC 9068 section 2.2 by an IdP of no special kind.
constexpr std::string_view kToken = R"({
  "iss": "https://login.partner.example/", "sub": "5ba552d67", "aud": "https://mcp.example",
  "exp": 1800000600, "iat": 1800000000, "jti": "dbe39bf3a3ba4238a513f51d6e1691c4",
  "client_id": "s6BhdRkqt3", "scope": "openid", "org_id": "acme",
  "groups": ["HR", "Eng"]})";

Settings generic() {
  return {.name = "partner",
          .issuer = "https://login.partner.example/",
          .audience = {"https://mcp.example"},
          .org_claim = "org_id"};
}

Settings with(std::string Settings::* member, std::string value) {
  auto idp = generic();
  idp.*member = std::move(value);
  return idp;
}

TEST_CASE("identity/principal: an RFC 9068 token gives subject, org, groups and client") {
  const auto principal = principal_of(claims_of(kToken), generic());
  CHECK(principal.idp == "partner");
  CHECK(principal.subject == "5ba552d67");
  CHECK(principal.kind == policy::SubjectKind::user);
  CHECK(principal.org == "acme");
  CHECK(principal.client_id == "s6BhdRkqt3");
  CHECK(principal.groups == Names{"partner:HR", "partner:Eng"});
}

TEST_CASE("identity/principal: absent groups mean no groups") {
  CHECK(principal_of(changed(kToken, "groups", ""), generic()).groups.empty());
  CHECK(principal_of(changed(kToken, "groups", "null"), generic()).groups.empty());
  CHECK(principal_of(changed(kToken, "groups", "[]"), generic()).groups.empty());
}

TEST_CASE("identity/principal: a single string is one group and is never split") {
  CHECK(principal_of(changed(kToken, "groups", R"("HR Admins")"), generic()).groups ==
        Names{"partner:HR Admins"});
  CHECK(principal_of(changed(kToken, "groups", R"("HR,Admins")"), generic()).groups ==
        Names{"partner:HR,Admins"});
}

TEST_CASE("identity/principal: groups stay byte for byte, look-alikes stay apart") {
  // Latin A, Cyrillic A, full-width A, a with combining ring and the composed one, both cases.
  const auto principal = principal_of(
      changed(kToken, "groups",
              R"(["Admin", "\u0410dmin", "\uff21dmin", "a\u030a", "\u00e5", "admin", " admin",
                  "partner:Admin", "okta:HR"])"),
      generic());
  CHECK(principal.groups == Names{"partner:Admin", "partner:\u0410dmin", "partner:\uff21dmin",
                                  "partner:a\u030a", "partner:\u00e5", "partner:admin",
                                  "partner: admin", "partner:partner:Admin", "partner:okta:HR"});
}

TEST_CASE("identity/principal: a group listed twice counts once") {
  CHECK(principal_of(changed(kToken, "groups", R"(["b", "a", "b"])"), generic()).groups ==
        Names{"partner:b", "partner:a"});
}

TEST_CASE("identity/principal: groups of a wrong type are refused with the claim's name") {
  for (const auto* bad : {"7", "true", "{}", R"([1])", R"(["a", null])", R"([["a"]])", R"([""])",
                          R"("")", R"(["a\nb"])", R"(["\u0085"])", R"(["\u2028"])"}) {
    CAPTURE(bad);
    const auto error = refusal_of(changed(kToken, "groups", bad), generic());
    CHECK(error.reason == reason::kBadClaim);
    CHECK(error.message.find("`groups`") != std::string::npos);
  }
}

TEST_CASE("identity/principal: groups are bounded in number and length") {
  json::Array many;
  for (int i = 0; i < 1000; ++i)
    many.emplace_back("g" + std::to_string(i));
  auto claims = claims_of(kToken);
  claims.object()->set("groups", many);
  CHECK(principal_of(claims, generic()).groups.size() == 1000);
  many.emplace_back("one more");
  claims.object()->set("groups", many);
  CHECK(reason_of(claims, generic()) == reason::kTooLarge);
  claims.object()->set("groups", json::Array{std::string(1024, 'g')});
  CHECK(principal_of(claims, generic()).groups.size() == 1);
  claims.object()->set("groups", json::Array{std::string(1025, 'g')});
  CHECK(reason_of(claims, generic()) == reason::kBadClaim);
}

TEST_CASE("identity/principal: the groups claim is a name, also one with slashes, or a pointer") {
  const auto claims = claims_of(R"({"sub": "s", "org_id": "acme",
    "https://partner.example/groups": ["named"], "authz": {"my/groups": ["nested"]}})");
  CHECK(principal_of(claims, with(&Settings::groups_claim, "https://partner.example/groups"))
            .groups == Names{"partner:named"});
  CHECK(principal_of(claims, with(&Settings::groups_claim, "/authz/my~1groups")).groups ==
        Names{"partner:nested"});
  CHECK(principal_of(claims, with(&Settings::groups_claim, "/authz/none")).groups.empty());
}

TEST_CASE("identity/principal: without a subject there is no principal") {
  CHECK(reason_of(changed(kToken, "sub", ""), generic()) == reason::kNoSubject);
  CHECK(reason_of(changed(kToken, "sub", R"("")"), generic()) == reason::kNoSubject);
  CHECK(reason_of(changed(kToken, "sub", "7"), generic()) == reason::kBadClaim);
  CHECK(reason_of(changed(kToken, "sub", R"("a\nb")"), generic()) == reason::kBadClaim);
  CHECK(reason_of(changed(kToken, "sub", R"("\u001b[31m")"), generic()) == reason::kBadClaim);
  auto claims = claims_of(kToken);
  claims.object()->set("sub", std::string(1025, 's'));
  CHECK(reason_of(claims, generic()) == reason::kBadClaim);
  CHECK(reason_of(claims_of("[]"), generic()) == reason::kMalformed);
  const auto other = with(&Settings::subject_claim, "employee");
  const auto error = refusal_of(claims_of(kToken), other);
  CHECK(error.reason == reason::kNoSubject);
  CHECK(error.message.find("`employee`") != std::string::npos);
  CHECK(principal_of(changed(kToken, "employee", R"("E7")"), other).subject == "E7");
}

TEST_CASE("identity/principal: without an organisation there is no principal") {
  CHECK(reason_of(changed(kToken, "org_id", ""), generic()) == reason::kNoOrg);
  CHECK(reason_of(changed(kToken, "org_id", R"("")"), generic()) == reason::kNoOrg);
  CHECK(reason_of(changed(kToken, "org_id", R"(["acme"])"), generic()) == reason::kBadClaim);
  CHECK(reason_of(changed(kToken, "org_id", R"("ac\nme")"), generic()) == reason::kBadClaim);
  auto claims = claims_of(kToken);
  claims.object()->set("org_id", std::string(257, 'o'));
  CHECK(reason_of(claims, generic()) == reason::kBadClaim);
  CHECK(reason_of(claims_of(kToken), with(&Settings::org_claim, "")) == reason::kNoOrg);
  // A fixed organisation is not the token's to choose.
  auto fixed = generic();
  fixed.org_claim.clear();
  fixed.org_id = "fixed";
  CHECK(principal_of(claims_of(kToken), fixed).org == "fixed");
}

TEST_CASE("identity/principal: a client that speaks for itself is a workload") {
  CHECK(principal_of(changed(kToken, "sub", R"("s6BhdRkqt3")"), generic()).kind ==
        policy::SubjectKind::workload);
}

TEST_CASE("identity/principal: an e-mail counts only when the IdP has verified it") {
  const auto mail = changed(kToken, "email", R"("jane@acme.example")");
  const auto by_mail = with(&Settings::subject_claim, "email");
  CHECK(reason_of(mail, by_mail) == reason::kEmailUnverified);
  auto claims = mail;
  for (const json::Value& no : {json::Value(false), json::Value("true"), json::Value(1)}) {
    claims.object()->set("email_verified", no);
    CHECK(reason_of(claims, by_mail) == reason::kEmailUnverified);
    CHECK(reason_of(claims, with(&Settings::org_claim, "email")) == reason::kEmailUnverified);
  }
  claims.object()->set("email_verified", true);
  CHECK(principal_of(claims, by_mail).subject == "jane@acme.example");
}

TEST_CASE("identity/principal: several audiences need the client that asked") {
  const auto several = R"(["https://mcp.example", "https://other.example"])";
  CHECK(principal_of(changed(kToken, "aud", several), generic()).client_id == "s6BhdRkqt3");
  auto claims = changed(kToken, "client_id", "");
  CHECK(principal_of(claims, generic()).client_id.empty());
  claims.object()->set("aud", claims_of(several));
  CHECK(reason_of(claims, generic()) == reason::kWrongAudience);
  claims.object()->set("azp", "s6BhdRkqt3");
  CHECK(principal_of(claims, generic()).client_id == "s6BhdRkqt3");
  claims.object()->set("azp", json::Array{"s6BhdRkqt3"});
  CHECK(reason_of(claims, generic()) == reason::kBadClaim);
}

TEST_CASE("identity/principal: a logout token is not an identity") {
  const auto logout =
      changed(kToken, "events", R"({"http://schemas.openid.net/event/backchannel-logout": {}})");
  CHECK(reason_of(logout, generic()) == reason::kWrongType);
}

TEST_CASE("identity/principal: a token bound to a key is not taken for a bearer token") {
  CHECK(
      reason_of(changed(kToken, "cnf", R"({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})"),
                generic()) == reason::kWrongType);
}

}  // namespace
}  // namespace mcpauth::identity
