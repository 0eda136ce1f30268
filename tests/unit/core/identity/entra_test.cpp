#include "unit/core/identity/support.hpp"

namespace mcpauth::identity {
namespace {

constexpr std::string_view kV2 = R"({
  "aud": "6e74172b-be56-4843-9ff4-e66a39bb12e3",
  "iss": "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
  "iat": 1800000000, "nbf": 1800000000, "exp": 1800003600, "aio": "opaque",
  "azp": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "azpacr": "0", "name": "Jane",
  "oid": "690222be-ff1a-4d56-abd1-7e4f7d38e474", "preferred_username": "jane@acme.example",
  "rh": "opaque", "scp": "access_as_user", "sub": "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ",
  "tid": "72f988bf-86f1-41af-91ab-2d7cd011db47", "uti": "opaque", "ver": "2.0",
  "groups": ["0a1b2c3d-0000-4000-8000-000000000001"], "roles": ["Hr.Reader"]})";

constexpr std::string_view kV1 = R"({
  "aud": "api://mcpauth", "iss": "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
  "iat": 1800000000, "nbf": 1800000000, "exp": 1800003600, "acr": "1",
  "appid": "75dbe77f-10a3-4e59-85fd-8c127544f17c", "appidacr": "0",
  "oid": "690222be-ff1a-4d56-abd1-7e4f7d38e474", "scp": "access_as_user",
  "sub": "5_J9rSss8-jvt_Icu6ueRNL8xXb8LF4Fsg_KooC2RJQ",
  "tid": "72f988bf-86f1-41af-91ab-2d7cd011db47", "unique_name": "jane@acme.example",
  "ver": "1.0"})";

Settings entra(std::string issuer) {
  return {.name = "entra",
          .preset = Preset::entra,
          .issuer = std::move(issuer),
          .audience = {"6e74172b-be56-4843-9ff4-e66a39bb12e3"},
          .org_id = "acme"};
}

Settings v2() {
  return entra("https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0");
}
Settings v1() {
  return entra("https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/");
}

TEST_CASE("identity/entra: v1 and v2 tokens of one person give one subject, the object id") {
  const auto two = principal_of(claims_of(kV2), v2());
  CHECK(two.subject == "690222be-ff1a-4d56-abd1-7e4f7d38e474");
  CHECK(two.client_id == "04b07795-8ddb-461a-bbee-02f9e1bf7b46");
  CHECK(two.kind == policy::SubjectKind::user);
  CHECK(two.groups == Names{"entra:0a1b2c3d-0000-4000-8000-000000000001"});
  const auto one = principal_of(claims_of(kV1), v1());
  CHECK(one.subject == two.subject);
  CHECK(one.client_id == "75dbe77f-10a3-4e59-85fd-8c127544f17c");
  CHECK(one.groups.empty());
}

TEST_CASE("identity/entra: app roles can be the groups") {
  auto idp = v2();
  idp.groups_claim = "roles";
  CHECK(principal_of(claims_of(kV2), idp).groups == Names{"entra:Hr.Reader"});
}

TEST_CASE("identity/entra: groups that were left out are a refusal, not an empty list") {
  auto claims = changed(kV2, "groups", "");
  claims.object()->set("_claim_names", claims_of(R"({"groups": "src1"})"));
  claims.object()->set("_claim_sources",
                       claims_of(R"({"src1": {"endpoint": "https://graph.windows.net/x"}})"));
  const auto error = refusal_of(claims, v2());
  CHECK(error.reason == reason::kGroupsOverage);
  CHECK(error.hint.find("Groups assigned to the application") != std::string::npos);
  CHECK(error.hint.find("groups_claim = \"roles\"") != std::string::npos);
  for (const auto* flag : {"true", R"("true")", "1"}) {
    CAPTURE(flag);
    CHECK(reason_of(changed(kV2, "hasgroups", flag), v2()) == reason::kGroupsOverage);
  }
  CHECK(reason_of(changed(kV2, "_claim_names", R"("{\"groups\":\"src1\"}")"), v2()) ==
        reason::kGroupsOverage);
  auto pointer = v2();
  pointer.groups_claim = "/groups";
  CHECK(reason_of(claims, pointer) == reason::kGroupsOverage);
}

TEST_CASE("identity/entra: claims unrelated to groups are not an overage") {
  CHECK(principal_of(changed(kV2, "hasgroups", "false"), v2()).groups.size() == 1);
  CHECK(principal_of(changed(kV2, "_claim_names", R"({"wids": "src1"})"), v2()).groups.size() == 1);
  auto roles = v2();
  roles.groups_claim = "roles";
  CHECK(principal_of(changed(kV2, "hasgroups", "true"), roles).groups == Names{"entra:Hr.Reader"});
}

TEST_CASE("identity/entra: the tenant of the token is that of the issuer") {
  CHECK(reason_of(changed(kV2, "tid", R"("9188040d-6c67-4c5b-b112-36a304b66dad")"), v2()) ==
        reason::kWrongTenant);
  CHECK(reason_of(changed(kV2, "tid", ""), v2()) == reason::kWrongTenant);
  CHECK(reason_of(changed(kV2, "tid", "7"), v2()) == reason::kBadClaim);
  // An issuer without a tenant in its path fits no token, not every token.
  CHECK(reason_of(changed(kV2, "tid", R"("")"), entra("https://sts.windows.net/")) ==
        reason::kWrongTenant);
  CHECK(reason_of(claims_of(kV2), entra("https://login.microsoftonline.com/common/v2.0")) ==
        reason::kWrongTenant);
}

TEST_CASE("identity/entra: app-only tokens are workloads") {
  auto app = changed(kV2, "scp", "");
  app.object()->set("sub", "690222be-ff1a-4d56-abd1-7e4f7d38e474");
  CHECK(principal_of(app, v2()).kind == policy::SubjectKind::workload);
  app.object()->set("idtyp", "user");
  CHECK(principal_of(app, v2()).kind == policy::SubjectKind::user);
  CHECK(principal_of(changed(kV2, "idtyp", R"("app")"), v2()).kind ==
        policy::SubjectKind::workload);
  // An ID token has no `scp` either, but is of a person.
  CHECK(principal_of(changed(kV2, "scp", ""), v2()).kind == policy::SubjectKind::user);
}

TEST_CASE("identity/entra: without oid there is no subject, the pairwise sub is not taken") {
  const auto error = refusal_of(changed(kV2, "oid", ""), v2());
  CHECK(error.reason == reason::kNoSubject);
  CHECK(error.hint.find("profile") != std::string::npos);
  auto pairwise = v2();
  pairwise.subject_claim = "sub";
  CHECK(principal_of(claims_of(kV2), pairwise).subject ==
        "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ");
}

TEST_CASE("identity/entra: an e-mail claim is not taken for a name, whoever wrote it") {
  auto by_mail = v2();
  by_mail.subject_claim = "email";
  CHECK(reason_of(changed(kV2, "email", R"("ceo@acme.example")"), by_mail) ==
        reason::kEmailUnverified);
}

}  // namespace
}  // namespace mcpauth::identity
