#include <algorithm>
#include <map>

#include "core/jose/jwk.hpp"
#include "core/jose/jws.hpp"
#include "support/fakes.hpp"
#include "unit/core/identity/support.hpp"

namespace mcpauth::identity {
namespace {

constexpr std::string_view kAcme = "https://idp.acme.example";
constexpr std::string_view kOther = "https://idp.other.example";

jose::SigningKey new_key(std::string kid) {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::p256);
  REQUIRE(key);
  return {.key = *std::move(key), .alg = crypto::Algorithm::es256, .kid = std::move(kid)};
}

// Answers by address: an IdP's two documents, or whatever a test puts there.
class Web final : public http::Client {
 public:
  std::map<std::string, http::Response, std::less<>> pages;
  struct Asked {
    std::string url;
    http::Reach reach;
  };
  std::vector<Asked> requests;
  bool down = false;

  Result<http::Response> send(const http::Request& request) override {
    requests.push_back({request.url, request.reach});
    const auto page = pages.find(request.url);
    if (down) return Error{.code = Errc::network, .message = "cannot connect"};
    return page == pages.end() ? http::Response{.status = 404} : page->second;
  }

  void page(std::string url, std::string body) {
    pages[std::move(url)] = {
        .status = 200, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
  }

  void publish(std::string_view issuer, const jose::SigningKey& key) {
    const std::string base(issuer);
    page(base + "/.well-known/openid-configuration",
         json::write(json::Object{{"issuer", base}, {"jwks_uri", base + "/keys"}}));
    page(base + "/keys",
         json::write(json::Object{
             {"keys", json::Array{jose::to_jwk(key.key.public_key(), key.kid, key.alg)}}}));
  }
};

Settings settings(std::string name, std::string_view issuer) {
  return {.name = std::move(name),
          .issuer = std::string(issuer),
          .audience = {"api://mcpauth"},
          .org_id = "acme"};
}

json::Object claims_for(std::string_view issuer) {
  return {
      {"iss", issuer},        {"sub", "jane"}, {"aud", "api://mcpauth"},     {"exp", 1'800'000'600},
      {"iat", 1'799'999'990}, {"jti", "j1"},   {"groups", json::Array{"HR"}}};
}

std::string signed_by(const jose::SigningKey& key, const json::Object& claims,
                      std::string_view typ = "JWT") {
  auto token = jose::sign_jwt(key, typ, claims);
  REQUIRE(token);
  return *std::move(token);
}

// Two IdPs with a key each, both called "k1": names of keys mean nothing between issuers.
struct World {
  jose::SigningKey acme = new_key("k1");
  jose::SigningKey other = new_key("k1");
  Web web;
  test::FakeClock clock;
  Directory directory{{settings("acme", kAcme), settings("other", kOther)}, web, clock};

  World() {
    web.publish(kAcme, acme);
    web.publish(kOther, other);
  }

  Error refusal(const std::string& token) {
    auto identified = directory.identify(token);
    REQUIRE(!identified);
    CHECK(!meaning(identified.error().reason).empty());
    return std::move(identified).error();
  }
};

TEST_CASE("identity/directory: a good token becomes a principal with its expiry and id") {
  World world;
  for (const auto* typ : {"JWT", "at+jwt", "application/at+jwt"}) {
    CAPTURE(typ);
    const auto good = world.directory.identify(signed_by(world.acme, claims_for(kAcme), typ));
    REQUIRE_MESSAGE(good, good.error().message);
    CHECK(good->principal.idp == "acme");
    CHECK(good->principal.subject == "jane");
    CHECK(good->principal.groups == Names{"acme:HR"});
    CHECK(good->expires == Instant(std::chrono::seconds(1'800'000'600)));
    CHECK(good->jti == "j1");
    CHECK(good->claims.find("iss") != nullptr);
  }
  CHECK(std::ranges::count(world.web.requests, std::string(kAcme) + "/keys", &Web::Asked::url) ==
        1);
  CHECK(world.web.requests[0].reach == http::Reach::internet);
}

TEST_CASE("identity/directory: the keys can come from a configured address without discovery") {
  World world;
  auto idp = settings("acme", kAcme);
  idp.jwks_uri = "https://keys.acme.example/all";
  world.web.page(idp.jwks_uri, world.web.pages.at(std::string(kAcme) + "/keys").body);
  Directory directory({idp}, world.web, world.clock);
  CHECK(directory.identify(signed_by(world.acme, claims_for(kAcme))));
  REQUIRE(world.web.requests.size() == 1);
  CHECK(world.web.requests[0].url == idp.jwks_uri);
}

TEST_CASE("identity/directory: an issuer that is not configured is never asked for anything") {
  World world;
  for (const auto* issuer : {"https://evil.example", "https://idp.acme.example/",
                             "HTTPS://IDP.ACME.EXAMPLE", "http://169.254.169.254", ""}) {
    CAPTURE(issuer);
    const auto error = world.refusal(signed_by(world.acme, claims_for(issuer)));
    CHECK(error.code == Errc::denied);
    CHECK(error.reason == reason::kUnknownIdp);
    CHECK(error.hint.find("https://idp.acme.example, https://idp.other.example") !=
          std::string::npos);
  }
  const auto slash = world.refusal(signed_by(world.acme, claims_for("https://idp.acme.example/")));
  CHECK(slash.hint.starts_with("did you mean `https://idp.acme.example`?"));
  auto claims = claims_for(kAcme);
  claims.set("iss", json::Array{kAcme});
  CHECK(world.refusal(signed_by(world.acme, claims)).reason == reason::kUnknownIdp);
  CHECK(world.web.requests.empty());
}

TEST_CASE("identity/directory: a text that is not a token is refused before anybody is asked") {
  World world;
  for (const auto* junk :
       {"", "a", "a.b", "a.b.c", "a.b.c.d.e", "....", "eyJhbGciOiJub25lIn0.e30."}) {
    CAPTURE(junk);
    CHECK(world.refusal(junk).code == Errc::denied);
  }
  CHECK(world.refusal(std::string(70'000, 'a')).reason == reason::kTooLarge);
  CHECK(world.web.requests.empty());
}

TEST_CASE("identity/directory: one IdP's key verifies no other IdP's token") {
  World world;
  for (const auto& [key, issuer] :
       {std::pair(&world.other, kAcme), std::pair(&world.acme, kOther)}) {
    const auto error = world.refusal(signed_by(*key, claims_for(issuer)));
    CHECK(error.code == Errc::denied);
    CHECK(error.reason == reason::kBadSignature);
  }
}

TEST_CASE("identity/directory: every failed check is in the why, the first one is the reason") {
  World world;
  auto claims = claims_for(kAcme);
  claims.set("aud", "api://other");
  claims.set("exp", 1'700'000'000);
  const auto error = world.refusal(signed_by(world.acme, claims));
  CHECK(error.code == Errc::denied);
  CHECK(error.reason == reason::kWrongAudience);
  CHECK(error.why.find("aud: ") != std::string::npos);
  CHECK(error.why.find("exp: ") != std::string::npos);
  CHECK(error.hint.find("`api://mcpauth`") != std::string::npos);
}

TEST_CASE("identity/directory: expiry is needed and kept") {
  World world;
  auto claims = claims_for(kAcme);
  claims.set("exp", nullptr);
  CHECK(world.directory.identify(signed_by(world.acme, claims)).error().code == Errc::denied);
  json::Object eternal;
  for (const auto& [name, value] : claims) {
    if (name != "exp") eternal.set(name, value);
  }
  CHECK(world.refusal(signed_by(world.acme, eternal)).reason == reason::kMissingExpiry);
  world.clock.time += std::chrono::hours(1);
  CHECK(world.refusal(signed_by(world.acme, claims_for(kAcme))).reason == reason::kExpired);
}

TEST_CASE("identity/directory: a token of another kind is not an identity") {
  World world;
  for (const auto* typ : {"logout+jwt", "oauth-id-jag+jwt", "secevent+jwt", "dpop+jwt", ""}) {
    CAPTURE(typ);
    CHECK(world.refusal(signed_by(world.acme, claims_for(kAcme), typ)).reason ==
          reason::kWrongType);
  }
}

TEST_CASE("identity/directory: token confusion: what we minted does not come back as an identity") {
  World world;
  // Signed with our own key, for our own issuer, with everything an identity needs.
  const auto ours = new_key("ours");
  auto claims = claims_for("https://auth.example.com");
  claims.set("org_id", "acme");
  CHECK(world.refusal(signed_by(ours, claims, "at+jwt")).reason == reason::kUnknownIdp);
  // The same key with an IdP's name in it.
  const auto stolen = world.refusal(signed_by(ours, claims_for(kAcme), "at+jwt"));
  CHECK(stolen.code == Errc::unverifiable);
  CHECK(stolen.reason == reason::kUnknownKid);
}

TEST_CASE("identity/directory: an unknown kid is unverifiable, which is not a no") {
  World world;
  auto renamed = new_key("k2");
  const auto error = world.refusal(signed_by(renamed, claims_for(kAcme)));
  CHECK(error.code == Errc::unverifiable);
  CHECK(error.reason == reason::kUnknownKid);
}

TEST_CASE("identity/directory: a rotated key is found by asking again") {
  World world;
  REQUIRE(world.directory.identify(signed_by(world.acme, claims_for(kAcme))));
  const auto next = new_key("k2");
  world.web.publish(kAcme, next);
  CHECK(world.directory.identify(signed_by(next, claims_for(kAcme))));
}

TEST_CASE("identity/directory: an IdP that is down is a network error, not a denial") {
  World world;
  world.web.down = true;
  const auto error = world.refusal(signed_by(world.acme, claims_for(kAcme)));
  CHECK(error.code == Errc::network);
  CHECK(error.reason == reason::kIdpUnreachable);
  CHECK(error.message.find("`acme`") != std::string::npos);
}

TEST_CASE("identity/directory: an IdP that answers with something else is not a denial either") {
  World world;
  world.web.page(std::string(kAcme) + "/keys", "<html>sign in</html>");
  const auto page = world.refusal(signed_by(world.acme, claims_for(kAcme)));
  CHECK(page.code == Errc::input);
  CHECK(page.reason == reason::kKeySetUnusable);
  world.web.page(std::string(kOther) + "/keys", R"({"keys":[{"kty":"oct","k":"AAAA"}]})");
  CHECK(world.refusal(signed_by(world.other, claims_for(kOther))).code == Errc::input);
}

TEST_CASE("identity/directory: the profile's refusals come through with their reason") {
  World world;
  auto idp = settings("acme", kAcme);
  idp.org_id.clear();
  idp.org_claim = "org_id";
  Directory directory({idp}, world.web, world.clock);
  const auto identified = directory.identify(signed_by(world.acme, claims_for(kAcme)));
  REQUIRE(!identified);
  CHECK(identified.error().reason == reason::kNoOrg);
  CHECK(identified.error().code == Errc::denied);
}

TEST_CASE("identity/directory: an IdP without an audience accepts nothing") {
  World world;
  auto idp = settings("acme", kAcme);
  idp.audience.clear();
  Directory directory({idp}, world.web, world.clock);
  const auto identified = directory.identify(signed_by(world.acme, claims_for(kAcme)));
  REQUIRE(!identified);
  CHECK(identified.error().reason == reason::kWrongAudience);
}

TEST_CASE("identity/directory: loopback is reached for a development IdP only") {
  World world;
  auto idp = settings("dev", "http://127.0.0.1:9000");
  idp.reach = http::Reach::loopback_too;
  world.web.publish(idp.issuer, world.acme);
  Directory directory({idp}, world.web, world.clock);
  CHECK(directory.identify(signed_by(world.acme, claims_for(idp.issuer))));
  CHECK(world.web.requests.at(0).reach == http::Reach::loopback_too);
}

TEST_CASE("identity/directory: the networks of one IdP are not open to another one's requests") {
  World world;
  auto inside = settings("acme", kAcme);
  inside.reach.networks = {*http::Network::parse("10.1.0.0/16")};
  Directory directory({inside, settings("other", kOther)}, world.web, world.clock);
  REQUIRE(directory.identify(signed_by(world.acme, claims_for(kAcme))));
  REQUIRE(directory.identify(signed_by(world.other, claims_for(kOther))));
  for (const auto& asked : world.web.requests) {
    CAPTURE(asked.url);
    CHECK(asked.reach == (asked.url.starts_with(kAcme) ? inside.reach : http::Reach::internet));
  }
  CHECK(std::ranges::count(world.web.requests, inside.reach, &Web::Asked::reach) > 1);
}

// People and jobs of one GitLab: the same issuer and the same keys, as gitlab.com has them.
constexpr std::string_view kGitlab = "https://gitlab.com";

struct Gitlab {
  jose::SigningKey key = new_key("k1");
  Web web;
  test::FakeClock clock;
  Directory directory{{people(), jobs()}, web, clock};

  Gitlab() { web.publish(kGitlab, key); }

  static Settings people() {
    auto idp = settings("people", kGitlab);
    idp.audience = {"app-id", "other-app-id"};
    idp.groups_claim = "groups_direct";
    return idp;
  }

  static Settings jobs() {
    auto idp = settings("jobs", kGitlab);
    idp.preset = Preset::gitlab;
    idp.owners = {"acme"};
    return idp;
  }

  static json::Object person(json::Value audience = "app-id") {
    auto claims = claims_for(kGitlab);
    claims.set("sub", "4711");
    claims.set("aud", std::move(audience));
    claims.set("groups_direct", json::Array{"acme/hr"});
    return claims;
  }

  // As GitLab sends it: with the groups of whoever set the job off.
  static json::Object job(json::Value audience = "api://mcpauth") {
    auto claims = person(std::move(audience));
    claims.set("sub", "project_path:acme/app:ref_type:branch:ref:main");
    claims.set("project_path", "acme/app");
    claims.set("namespace_path", "acme");
    claims.set("pipeline_id", "12");
    claims.set("job_id", "34");
    return claims;
  }

  Result<Identified> identify(const json::Object& claims) {
    return directory.identify(signed_by(key, claims));
  }

  std::string_view reason_of(const json::Object& claims) {
    const auto identified = identify(claims);
    REQUIRE(!identified);
    CHECK(identified.error().code == Errc::denied);
    CHECK(!meaning(identified.error().reason).empty());
    return identified.error().reason;
  }
};

TEST_CASE("identity/directory: people and jobs of one issuer are told apart by the audience") {
  Gitlab world;
  const auto jane = world.identify(Gitlab::person());
  REQUIRE_MESSAGE(jane, jane.error().message);
  CHECK(jane->principal.idp == "people");
  CHECK(jane->principal.kind == policy::SubjectKind::user);
  CHECK(jane->principal.groups == Names{"people:acme/hr"});
  const auto job = world.identify(Gitlab::job());
  REQUIRE_MESSAGE(job, job.error().message);
  CHECK(job->principal.idp == "jobs");
  CHECK(job->principal.kind == policy::SubjectKind::workload);
  CHECK(job->principal.groups == Names{"jobs:namespace:acme", "jobs:project:acme/app"});
  CHECK(world.identify(Gitlab::person("other-app-id")));
}

TEST_CASE("identity/directory: a job that asks for the people's audience is nobody") {
  Gitlab world;
  CHECK(world.reason_of(Gitlab::job("app-id")) == reason::kWrongType);
  CHECK(world.reason_of(Gitlab::job(json::Array{"app-id", "x"})) == reason::kWrongType);
  // Nor is a person with the jobs' audience a job.
  CHECK(world.reason_of(Gitlab::person("api://mcpauth")) == reason::kMissingClaim);
}

TEST_CASE("identity/directory: a job is not a person where jobs are not configured at all") {
  Gitlab world;
  Directory alone({Gitlab::people()}, world.web, world.clock);
  const auto refused = alone.identify(signed_by(world.key, Gitlab::job("app-id")));
  REQUIRE(!refused);
  CHECK(refused.error().reason == reason::kWrongType);
  CHECK(alone.identify(signed_by(world.key, Gitlab::person())));
}

TEST_CASE("identity/directory: a token that fits two IdPs of its issuer is of neither") {
  Gitlab world;
  for (auto claims : {Gitlab::person(json::Array{"app-id", "api://mcpauth"}),
                      Gitlab::job(json::Array{"api://mcpauth", "app-id"})}) {
    claims.set("azp", "app-id");
    CHECK(world.reason_of(claims) == reason::kAmbiguousIdp);
  }
  const auto error = world.identify(Gitlab::person(json::Array{"app-id", "api://mcpauth"})).error();
  CHECK(error.message == "the token's audiences fit more than one IdP: `people`, `jobs`");
  CHECK(world.web.requests.empty());
  // Two audiences of one IdP are still that IdP's; whom it was given to must be said, as ever.
  auto twice = Gitlab::person(json::Array{"app-id", "other-app-id"});
  CHECK(world.reason_of(twice) == reason::kWrongAudience);
  twice.set("azp", "app-id");
  CHECK(world.identify(twice));
}

TEST_CASE("identity/directory: a token for none of the IdPs of its issuer is refused unasked") {
  Gitlab world;
  for (const auto& audience :
       {json::Value("api://other"), json::Value("app-i"), json::Value("APP-ID"),
        json::Value(json::Array{}), json::Value(json::Array{"x", "y"}), json::Value(nullptr)}) {
    CHECK(world.reason_of(Gitlab::person(audience)) == reason::kWrongAudience);
  }
  for (const auto& audience :
       {json::Value(1), json::Value(json::Array{"app-id", 1}), json::Value(json::Array{""}),
        json::Value(json::Object{{"app-id", true}})}) {
    CHECK(world.reason_of(Gitlab::person(audience)) == reason::kBadClaim);
  }
  CHECK(world.web.requests.empty());
  const auto error = world.identify(Gitlab::person("api://other")).error();
  CHECK(error.message == "the token is for none of the IdPs `people`, `jobs` of its issuer");
}

TEST_CASE("identity/directory: who fails at the chosen IdP is tried at no other") {
  Gitlab world;
  auto elsewhere = Gitlab::jobs();
  elsewhere.jwks_uri = "https://keys.example/jobs";
  const auto other = new_key("k1");
  world.web.page(elsewhere.jwks_uri,
                 json::write(json::Object{{"keys", json::Array{jose::to_jwk(other.key.public_key(),
                                                                            "k1", other.alg)}}}));
  Directory directory({Gitlab::people(), elsewhere}, world.web, world.clock);
  // Signed with the keys of the people's IdP, for the audience of the jobs', and the reverse.
  for (const auto& token :
       {signed_by(world.key, Gitlab::job()), signed_by(other, Gitlab::person())}) {
    const auto refused = directory.identify(token);
    REQUIRE(!refused);
    CHECK(refused.error().reason == reason::kBadSignature);
  }
  CHECK(directory.identify(signed_by(other, Gitlab::job())));
  CHECK(directory.identify(signed_by(world.key, Gitlab::person())));
  // An expired token of a person names the people's IdP and is not taken to the jobs'.
  auto late = Gitlab::person();
  late.set("exp", 1'700'000'000);
  const auto refused = directory.identify(signed_by(world.key, late));
  CHECK(refused.error().reason == reason::kExpired);
  CHECK(refused.error().message.find("`people`") != std::string::npos);
}

TEST_CASE("identity/directory: an issuer that several IdPs have is listed once") {
  Gitlab world;
  const auto error = world.identify(claims_for("https://gitlab.example")).error();
  CHECK(error.reason == reason::kUnknownIdp);
  CHECK(error.hint.ends_with("the configured issuers are https://gitlab.com"));
}

}  // namespace
}  // namespace mcpauth::identity
