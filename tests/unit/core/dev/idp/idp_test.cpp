#include "core/dev/idp/idp.hpp"

#include <doctest/doctest.h>

#include "core/jose/verify.hpp"
#include "support/fakes.hpp"

namespace mcpauth::dev::idp {
namespace {

constexpr std::string_view kIssuer = "http://127.0.0.1:9400";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

struct Reply {
  unsigned status = 0;
  json::Value body = {};
  bool marked = false;  ///< says that it is not for production
};

class Fixture {
 public:
  Fixture() {
    auto key = throwaway_key();
    REQUIRE(key);
    auto made = Idp::make({.issuer = std::string(kIssuer)}, *std::move(key), clock);
    REQUIRE(made);
    idp = *std::move(made);
  }

  Reply send(std::string_view method, std::string_view path, net::Request request = {}) {
    request.method = method;
    request.target = request.path = path;
    if (request.header("Host").empty()) request.headers.emplace_back("Host", "127.0.0.1:9400");
    const auto response = idp->handle(request);
    Reply reply{.status = response.status};
    for (const auto& [name, value] : response.headers) {
      reply.marked = reply.marked || (name == "X-Dev-Idp" && value == "not for production");
    }
    if (response.body) {
      auto parsed = json::parse(*response.body);
      if (parsed) reply.body = *std::move(parsed);
    }
    return reply;
  }

  Reply token(std::string_view body, std::string_view type = kForm) {
    net::Request request;
    request.headers.emplace_back("Content-Type", type);
    request.body = body;
    return send("POST", kTokenPath, std::move(request));
  }

  jose::Report verify(const std::string& token, std::string_view audience = "mcpauth") {
    const auto set = jose::KeySet::parse(json::write(send("GET", "/.well-known/jwks.json").body));
    REQUIRE(set);
    return jose::verify(token, *set,
                        {.audiences = {std::string(audience)}, .issuers = {std::string(kIssuer)}},
                        clock.now());
  }

  test::FakeClock clock;
  std::unique_ptr<Idp> idp;
};

std::string text(const json::Value& value, std::string_view name) {
  const auto* member = value.find(name);
  return member == nullptr || member->string() == nullptr ? "" : *member->string();
}

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "dev/idp/idp: a named user gets tokens that the published key verifies") {
  for (const auto& [body, type] :
       {std::pair<std::string_view, std::string_view>{"user=alice&ttl=60", kForm},
        {R"({"user":"alice","ttl":60})", "application/json; charset=utf-8"}}) {
    const auto reply = token(body, type);
    REQUIRE(reply.status == 200);
    CHECK(reply.marked);
    CHECK(reply.body.find("expires_in")->integer() == 60);
    for (const std::string_view kind : {"access_token", "id_token"}) {
      const auto report = verify(text(reply.body, kind));
      REQUIRE(report.verdict == jose::Verdict::valid);
      CHECK(json::write(report.claims) ==
            R"({"iss":"http://127.0.0.1:9400","sub":"alice","aud":"mcpauth","exp":1800000060,)"
            R"("iat":1800000000,"groups":["HR"],"org_id":"acme","email":"alice@acme.example"})");
    }
  }
}

TEST_CASE_FIXTURE(Fixture, "dev/idp/idp: audience and type are as asked for") {
  const auto access = token("user=bob&audience=https%3A%2F%2Fhr.internal&type=access");
  CHECK(verify(text(access.body, "access_token"), "https://hr.internal").verdict ==
        jose::Verdict::valid);
  CHECK(text(access.body, "id_token").empty());
  CHECK(text(token("user=bob&type=id").body, "access_token").empty());
}

TEST_CASE_FIXTURE(Fixture, "dev/idp/idp: what is asked for wrongly is refused with its reason") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"user=mallory", "there is no user of this name"},
      {"user=", "there is no user of this name"},
      {"user=alice&ttl=901", "ttl must be 1 to 900 seconds"},
      {"user=alice&ttl=0", "ttl must be 1 to 900 seconds"},
      {"user=alice&ttl=-1", "ttl must be 1 to 900 seconds"},
      {"user=alice&ttl=1h", "ttl must be 1 to 900 seconds"},
      {"user=alice&type=refresh", "type must be id or access"},
      {"user=alice&user=bob", "a parameter stands twice"},
      {"user=alice&groups=admin", "only user, audience, ttl and type can be asked for"},
      {"user=%zz", "a percent-escape is broken"},
      {"user=%4", "a percent-escape is broken"},
      {"user=%ff", "a parameter is not UTF-8"},
      {"user", "a parameter has no value"},
  };
  for (const auto& [body, why] : cases) {
    CAPTURE(body);
    const auto reply = token(body);
    CHECK(reply.status == 400);
    CHECK(text(reply.body, "error_description") == why);
    CHECK(reply.marked);
  }
  CHECK(text(token("user=alice", "text/plain").body, "error_description")
            .starts_with("the body must be application/json"));
  CHECK(text(token("[]", "application/json").body, "error_description") ==
        "the body must be a JSON object");
  CHECK(send("GET", kTokenPath).status == 405);
}

TEST_CASE_FIXTURE(Fixture, "dev/idp/idp: DNS rebinding: a Host or Origin elsewhere is refused") {
  for (const std::string_view host :
       {"evil.example", "127.0.0.1.evil.example", "10.0.0.1:9400", "0.0.0.0:9400",
        "localhost.evil.example", "a@127.0.0.1", ""}) {
    CAPTURE(host);
    net::Request request;
    request.headers.emplace_back("Host", host.empty() ? "?" : host);
    const auto reply = send("GET", "/.well-known/jwks.json", std::move(request));
    CHECK(reply.status == 403);
    CHECK(reply.marked);
  }
  for (const std::string_view origin : {"https://evil.example", "null", "http://192.168.0.1"}) {
    CAPTURE(origin);
    net::Request request;
    request.headers = {{"Host", "localhost:9400"}, {"Origin", origin}};
    CHECK(send("POST", kTokenPath, std::move(request)).status == 403);
  }
  net::Request request;
  request.headers = {{"Host", "[::1]:9400"}, {"Origin", "http://localhost:3000"}};
  CHECK(send("GET", "/.well-known/openid-configuration", std::move(request)).status == 200);
}

TEST_CASE_FIXTURE(Fixture,
                  "dev/idp/idp: discovery names the issuer and no endpoint that it lacks") {
  const auto reply = send("GET", "/.well-known/openid-configuration");
  CHECK(reply.status == 200);
  CHECK(reply.marked);
  CHECK(text(reply.body, "issuer") == kIssuer);
  CHECK(reply.body.find("token_endpoint") == nullptr);
  CHECK(reply.body.find("authorization_endpoint") == nullptr);
  CHECK(send("GET", "/nothing").marked);
}

TEST_CASE("dev/idp/idp: it does not serve anything but loopback") {
  const test::FakeClock clock;
  for (const std::string issuer : {"http://0.0.0.0:9400", "http://192.168.1.1:9400",
                                   "https://idp.example.com", "http://[::]:9400"}) {
    CAPTURE(issuer);
    auto key = throwaway_key();
    REQUIRE(key);
    const auto made = Idp::make({.issuer = issuer}, *std::move(key), clock);
    REQUIRE_FALSE(made);
    CHECK(made.error().message.find("loopback only") != std::string::npos);
  }
}

}  // namespace mcpauth::dev::idp
