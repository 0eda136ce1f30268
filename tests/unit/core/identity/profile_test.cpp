#include "core/identity/settings.hpp"
#include "unit/core/identity/support.hpp"

namespace mcpauth::identity {
namespace {

// Okta's custom authorisation server: the access token names the login, its ID token the id.
constexpr std::string_view kOktaAccess = R"({
  "ver": 1, "jti": "AT.x1", "iss": "https://acme.okta.com/oauth2/default", "aud": "api://mcpauth",
  "iat": 1800000000, "exp": 1800003600, "cid": "0oa1b2c3", "uid": "00u9x8y7",
  "scp": ["openid", "groups"], "auth_time": 1800000000, "sub": "jane@acme.example",
  "groups": ["Everyone", "HR"]})";
constexpr std::string_view kOktaId = R"({
  "sub": "00u9x8y7", "name": "Jane", "ver": 1, "iss": "https://acme.okta.com/oauth2/default",
  "aud": "0oa1b2c3", "iat": 1800000000, "exp": 1800003600, "jti": "ID.x1", "amr": ["pwd"],
  "preferred_username": "jane@acme.example", "groups": ["Everyone"]})";

Settings okta() {
  return {.name = "okta",
          .preset = Preset::okta,
          .issuer = "https://acme.okta.com/oauth2/default",
          .audience = {"api://mcpauth"},
          .org_id = "acme"};
}

TEST_CASE("identity/okta: access and ID token of one person give one subject") {
  const auto access = principal_of(claims_of(kOktaAccess), okta());
  CHECK(access.subject == "00u9x8y7");
  CHECK(access.client_id == "0oa1b2c3");
  CHECK(access.kind == policy::SubjectKind::user);
  CHECK(access.groups == Names{"okta:Everyone", "okta:HR"});
  const auto id = principal_of(claims_of(kOktaId), okta());
  CHECK(id.subject == access.subject);
  CHECK(id.client_id.empty());
}

TEST_CASE("identity/okta: a service application is a workload without groups") {
  const auto service = principal_of(claims_of(R"({"ver": 1, "cid": "0oasvc", "sub": "0oasvc",
    "aud": "api://mcpauth", "scp": ["x"]})"),
                                    okta());
  CHECK(service.kind == policy::SubjectKind::workload);
  CHECK(service.subject == "0oasvc");
  CHECK(service.groups.empty());
}

TEST_CASE("identity/okta: a uid that is not a string does not fall back to the login") {
  CHECK(reason_of(changed(kOktaAccess, "uid", "7"), okta()) == reason::kBadClaim);
}

constexpr std::string_view kGoogle = R"({
  "iss": "https://accounts.google.com", "azp": "123-abc.apps.googleusercontent.com",
  "aud": "123-abc.apps.googleusercontent.com", "sub": "110169484474386276334",
  "hd": "acme.example", "email": "jane@acme.example", "email_verified": true,
  "iat": 1800000000, "exp": 1800003600})";

Settings google() {
  return {.name = "google",
          .preset = Preset::google,
          .issuer = "https://accounts.google.com",
          .audience = {"123-abc.apps.googleusercontent.com"},
          .org_id = "acme",
          .hosted_domain = "acme.example"};
}

TEST_CASE("identity/google: the Workspace domain is the one group") {
  const auto principal = principal_of(claims_of(kGoogle), google());
  CHECK(principal.subject == "110169484474386276334");
  CHECK(principal.client_id == "123-abc.apps.googleusercontent.com");
  CHECK(principal.groups == Names{"google:acme.example"});
}

TEST_CASE("identity/google: consumers and other domains are refused") {
  const auto consumer = refusal_of(changed(kGoogle, "hd", ""), google());
  CHECK(consumer.reason == reason::kWrongTenant);
  CHECK(consumer.hint.find("Workspace") != std::string::npos);
  for (const auto* other : {R"("evil.example")", R"("ACME.EXAMPLE")", R"("acme.example.evil.com")",
                            R"("sub.acme.example")", R"("")"}) {
    CAPTURE(other);
    CHECK(reason_of(changed(kGoogle, "hd", other), google()) == reason::kWrongTenant);
  }
  CHECK(reason_of(changed(kGoogle, "hd", "true"), google()) == reason::kBadClaim);
}

TEST_CASE("identity/google: without a configured domain hd is still needed") {
  auto several = google();
  several.hosted_domain.clear();
  several.org_id.clear();
  several.org_claim = "hd";
  CHECK(principal_of(claims_of(kGoogle), several).org == "acme.example");
  CHECK(reason_of(changed(kGoogle, "hd", ""), several) == reason::kWrongTenant);
}

TEST_CASE("identity/google: a groups claim that Google never sends is refused with what to do") {
  auto idp = google();
  idp.groups_claim = "groups";
  const auto error = refusal_of(claims_of(kGoogle), idp);
  CHECK(error.reason == reason::kNoGroupsClaim);
  CHECK(error.hint.find("`google:acme.example`") != std::string::npos);
  CHECK(error.hint.find("groups_claim") != std::string::npos);
}

constexpr std::string_view kKeycloak = R"({
  "exp": 1800000300, "iat": 1800000000, "jti": "onrtac:1", "typ": "Bearer",
  "iss": "https://sso.acme.example/realms/staff", "aud": ["mcpauth", "account"],
  "sub": "7ddaf89f-69eb-4ecf-a9ca-acba11211986", "azp": "portal", "acr": "1",
  "realm_access": {"roles": ["offline_access", "auditor"]},
  "resource_access": {"hr": {"roles": ["reader"]}, "account": {"roles": ["view-profile"]}},
  "scope": "email profile", "preferred_username": "jane", "groups": ["/eng", "/eng/core"]})";

Settings keycloak() {
  return {.name = "kc",
          .preset = Preset::keycloak,
          .issuer = "https://sso.acme.example/realms/staff",
          .audience = {"mcpauth"},
          .org_id = "acme"};
}

TEST_CASE("identity/keycloak: realm roles, client roles and group paths become groups") {
  const auto principal = principal_of(claims_of(kKeycloak), keycloak());
  CHECK(principal.kind == policy::SubjectKind::user);
  CHECK(principal.client_id == "portal");
  CHECK(principal.groups == Names{"kc:offline_access", "kc:auditor", "kc:hr/reader",
                                  "kc:account/view-profile", "kc:/eng", "kc:/eng/core"});
}

TEST_CASE("identity/keycloak: no role or group can take the name of another kind") {
  const auto forged = changed(kKeycloak, "realm_access",
                              R"({"roles": ["hr/reader", "/eng", "hr%2Freader", "%2Feng"]})");
  auto claims = forged;
  claims.object()->set("resource_access",
                       json::Object{{"a/b", json::Object{{"roles", json::Array{"c"}}}},
                                    {"a", json::Object{{"roles", json::Array{"b/c"}}}}});
  claims.object()->set("groups", json::Array{"/hr/reader"});
  const auto principal = principal_of(claims, keycloak());
  CHECK(principal.groups == Names{"kc:hr%2Freader", "kc:%2Feng", "kc:hr%252Freader", "kc:%252Feng",
                                  "kc:a%2Fb/c", "kc:a/b%2Fc", "kc:/hr/reader"});
  CHECK(!has(principal, "kc:hr/reader"));
  CHECK(!has(principal, "kc:/eng"));
}

TEST_CASE("identity/keycloak: a group without its path is refused with the switch to turn on") {
  const auto error = refusal_of(changed(kKeycloak, "groups", R"(["eng"])"), keycloak());
  CHECK(error.reason == reason::kBadClaim);
  CHECK(error.hint.find("Full group path") != std::string::npos);
}

TEST_CASE("identity/keycloak: absent roles and groups mean none, wrong shapes are refused") {
  auto claims = changed(kKeycloak, "realm_access", "");
  claims.object()->set("resource_access", nullptr);
  claims.object()->set("groups", nullptr);
  CHECK(principal_of(claims, keycloak()).groups.empty());
  CHECK(principal_of(changed(kKeycloak, "realm_access", "{}"), keycloak()).groups.size() == 4);
  for (const auto* name : {"realm_access", "resource_access"}) {
    for (const auto* bad : {"[]", "7", R"({"roles": 7})"}) {
      CAPTURE(name);
      CAPTURE(bad);
      CHECK(reason_of(changed(kKeycloak, name, bad), keycloak()) == reason::kBadClaim);
    }
  }
  CHECK(reason_of(changed(kKeycloak, "resource_access", R"({"a\nb": {"roles": ["x"]}})"),
                  keycloak()) == reason::kBadClaim);
}

TEST_CASE("identity/keycloak: a service account is a workload, a person who is called so is not") {
  auto claims = changed(kKeycloak, "preferred_username", R"("service-account-batch")");
  CHECK(principal_of(claims, keycloak()).kind == policy::SubjectKind::user);
  claims.object()->set("clientId", "batch");
  CHECK(principal_of(claims, keycloak()).kind == policy::SubjectKind::workload);
  claims.object()->set("clientId", nullptr);
  claims.object()->set("client_id", "batch");
  CHECK(principal_of(claims, keycloak()).kind == policy::SubjectKind::workload);
}

TEST_CASE("identity/keycloak: refresh, offline and logout tokens are not identities") {
  for (const auto* type : {R"("Refresh")", R"("Offline")", R"("Logout")", R"("bearer")"}) {
    CAPTURE(type);
    CHECK(reason_of(changed(kKeycloak, "typ", type), keycloak()) == reason::kWrongType);
  }
  CHECK(principal_of(changed(kKeycloak, "typ", R"("ID")"), keycloak()).subject.size() == 36);
}

TEST_CASE("identity/profile: every preset has a name that leads back to it") {
  for (const auto preset : {Preset::generic, Preset::okta, Preset::entra, Preset::google,
                            Preset::keycloak, Preset::github_actions, Preset::gitlab}) {
    const auto found = preset_named(name(preset));
    REQUIRE(found);
    CHECK(*found == preset);
  }
  const auto none = preset_named("entar");
  REQUIRE(!none);
  CHECK(none.error().hint == "did you mean `entra`?");
}

}  // namespace
}  // namespace mcpauth::identity
