#include "core/oauth/exchange.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "support/fakes.hpp"

namespace mcpauth::oauth {
namespace {

using http::Reach;

const std::string kEndpoint = "https://auth.example/token";

http::Response answer(int status, std::string body) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

Exchange ask() {
  return {.endpoint = kEndpoint, .subject_token = Secret::copy_of("subject.token.text")};
}

std::string good(std::string_view rest = "") {
  return R"({"access_token":"new.token","token_type":"Bearer","issued_token_type":)"
         R"("urn:ietf:params:oauth:token-type:access_token")" +
         std::string(rest) + "}";
}

Error refused(int status, std::string body) {
  test::FakeHttp http;
  http.replies.push_back(answer(status, std::move(body)));
  const auto got = exchange(ask(), http);
  REQUIRE(!got);
  return got.error();
}

}  // namespace

TEST_CASE("oauth/exchange: the least request and its answer") {
  test::FakeHttp http;
  http.replies.push_back(
      answer(200, good(R"(,"expires_in":300,"scope":"a b","refresh_token":"x")")));
  const auto got = exchange(ask(), http);
  REQUIRE(got);
  CHECK(got->access_token.reveal_text() == "new.token");
  CHECK(got->issued_type == "urn:ietf:params:oauth:token-type:access_token");
  CHECK(got->expires_in == std::chrono::seconds(300));
  CHECK(got->scope == "a b");
  const auto& request = http.requests.at(0);
  CHECK(request.method == "POST");
  CHECK(request.url == kEndpoint);
  CHECK(request.authorization.empty());
  CHECK(request.reach == Reach::internet);
  CHECK(request.body.reveal_text() ==
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
        "&subject_token=subject.token.text"
        "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
        "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token");
}

TEST_CASE("oauth/exchange: everything that can be asked for is in the body") {
  test::FakeHttp http;
  http.replies.push_back(answer(200, good()));
  auto full = ask();
  full.subject_type = TokenType::id_token;
  full.audiences = {"https://hr", "b"};
  full.resources = {"https://r/?x=1"};
  full.scopes = {"db:read", "db:write"};
  full.client_id = "c&d";
  full.reach = Reach::loopback_too;
  REQUIRE(exchange(full, http));
  const auto& request = http.requests.at(0);
  const std::string body(request.body.reveal_text());
  CHECK(body.find("&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token&") !=
        std::string::npos);
  CHECK(
      body.ends_with("&audience=https%3A%2F%2Fhr&audience=b&resource=https%3A%2F%2Fr%2F%3Fx%3D1"
                     "&scope=db%3Aread%20db%3Awrite&client_id=c%26d"));
  CHECK(request.reach == Reach::loopback_too);
}

TEST_CASE("oauth/exchange: a client secret goes into the Authorization header only") {
  test::FakeHttp http;
  http.replies.push_back(answer(200, good()));
  auto with_client = ask();
  with_client.client_id = "gw";
  with_client.client_secret = Secret::copy_of("gw-secret");
  REQUIRE(exchange(with_client, http));
  CHECK(http.requests.at(0).authorization.reveal_text() == "Basic Z3c6Z3ctc2VjcmV0");
  CHECK(http.requests.at(0).body.reveal_text().find("client_id") == std::string::npos);
}

TEST_CASE("oauth/exchange: an OAuth error is a refusal with its code and description") {
  const auto error =
      refused(400, R"({"error":"invalid_target","error_description":"no such audience"})");
  CHECK(error.code == Errc::denied);
  CHECK(error.reason == reason::kExchangeRefused);
  CHECK(error.message ==
        "`https://auth.example/token` refused the exchange: `invalid_target`: `no such audience`");
  CHECK(error.hint == "it issues no token for this audience or resource");
  CHECK(refused(401, R"({"error":"invalid_client"})").hint == "check the client id and its secret");
  CHECK(refused(403, R"({"error":"x","error_description":7})").message ==
        "`https://auth.example/token` refused the exchange: `x`");
}

TEST_CASE("oauth/exchange: an endpoint that repeats the token does not get it into the error") {
  const auto error =
      refused(400, R"({"error":"invalid_grant","error_description":"bad subject.token.text, )" +
                       std::string(1000, 'x') + "\"}");
  CHECK(error.message.find("subject.token.text") == std::string::npos);
  CHECK(error.message.find("`bad [the token], xxx") != std::string::npos);
  CHECK(error.message.size() < 500);
}

TEST_CASE("oauth/exchange: a token that is repeated as a type or a scope is shown nowhere") {
  const auto error = refused(
      200,
      R"({"access_token":"n","token_type":"Bearer","issued_token_type":"subject.token.text"})");
  CHECK(error.message.find("subject.token.text") == std::string::npos);
  test::FakeHttp http;
  http.replies.push_back(answer(200, good(R"(,"scope":"new.token subject.token.text a")")));
  const auto got = exchange(ask(), http);
  REQUIRE(got);
  CHECK(got->scope == "[the token] [the token] a");
}

TEST_CASE("oauth/exchange: a token that is a word of its own replacement ends") {
  test::FakeHttp http;
  http.replies.push_back(answer(400, R"({"error":"the token"})"));
  auto short_one = ask();
  short_one.subject_token = Secret::copy_of("token");
  const auto got = exchange(short_one, http);
  REQUIRE_FALSE(got);
  CHECK(got.error().message.ends_with("`the [the token]`"));
}

TEST_CASE("oauth/exchange: answers that are no OAuth answer are network errors") {
  struct Row {
    int status;
    std::string body;
    std::string_view message;
  };
  const Row rows[] = {
      {404, "not here", " answered with status 404 and no OAuth error"},
      {400, "{}", " answered with status 400 and no OAuth error"},
      {400, R"({"error":{}})", " answered with status 400 and no OAuth error"},
      {429, R"({"error":"slow_down"})", " answered with status 429"},
      {503, R"({"error":"x"})", " answered with status 503"},
      {302, "", " redirects, which is not followed"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.status);
    const auto error = refused(row.status, row.body);
    CHECK(error.code == Errc::network);
    CHECK(error.message == "`https://auth.example/token`" + std::string(row.message));
  }
}

TEST_CASE("oauth/exchange: an answer that is not exactly a bearer token is refused") {
  struct Row {
    std::string body;
    std::string_view message;
  };
  const std::string type = R"("issued_token_type":"urn:ietf:params:oauth:token-type:access_token")";
  const auto token = [](std::string_view text) {
    return R"({"token_type":"bearer","issued_token_type":"urn:ietf:params:oauth:token-type:jwt",)"
           R"("access_token":)" +
           std::string(text) + "}";
  };
  const Row rows[] = {
      {"[]", ": the answer is not a JSON object"},
      {"<html>", " answered with a web page instead of JSON"},
      {R"({"token_type":"Bearer",)" + type + "}", ": the answer has no `access_token`"},
      {R"({"access_token":"a",)" + type + "}", ": the answer has no `token_type`"},
      {R"({"access_token":"a","token_type":"Bearer"})", ": the answer has no `issued_token_type`"},
      {R"({"access_token":"a","token_type":"DPoP",)" + type + "}",
       ": the token is of type `DPoP`, not a bearer token"},
      {R"({"access_token":"a","token_type":"N_A",)" + type + "}",
       ": the token is of type `N_A`, not a bearer token"},
      {R"({"access_token":"a","token_type":["Bearer"],)" + type + "}",
       ": `token_type` is not a string"},
      {R"({"access_token":"a","token_type":"Bearer","issued_token_type":"urn:x"})",
       ": the answer holds a `urn:x`, not an access token"},
      {token("7"), ": `access_token` is not a string"},
      {token("\"\""), ": `access_token` is empty or over 64 KiB"},
      {token("\"" + std::string(64 * 1024 + 1, 'a') + "\""),
       ": `access_token` is empty or over 64 KiB"},
      {token("\"a b\""), ": `access_token` has a character that no token has"},
      {token("\"a\\r\\nX: y\""), ": `access_token` has a character that no token has"},
      {good(R"(,"expires_in":"300")"), ": `expires_in` is not a whole number of seconds"},
      {good(R"(,"expires_in":-1)"), ": `expires_in` is not a whole number of seconds"},
      {good(R"(,"scope":["a"])"), ": `scope` is not a string"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const auto error = refused(200, row.body);
    CHECK(error.code == Errc::input);
    CHECK(error.message == "`https://auth.example/token`" + std::string(row.message));
  }
  CHECK(refused(200, R"({"access_token":"a","access_token":"b"})").code == Errc::input);
}

TEST_CASE("oauth/exchange: the token endpoint is found by metadata") {
  test::FakeHttp http;
  http.replies.push_back(answer(
      200, R"({"issuer":"https://auth.example","token_endpoint":"https://auth.example/t"})"));
  CHECK(*token_endpoint("https://auth.example", Reach::internet, http) == "https://auth.example/t");
}

TEST_CASE("oauth/exchange: a URL with a path and no metadata is the token endpoint itself") {
  test::FakeHttp http;
  for (int i = 0; i < 3; ++i)
    http.replies.push_back(answer(404, ""));
  CHECK(*token_endpoint(kEndpoint, Reach::internet, http) == kEndpoint);
  CHECK(http.replies.empty());
  CHECK(*token_endpoint(kEndpoint + "?tenant=1", Reach::internet, http) == kEndpoint + "?tenant=1");
}

TEST_CASE("oauth/exchange: metadata of somebody else never makes a URL the token endpoint") {
  test::FakeHttp http;
  http.replies.push_back(answer(
      200, R"({"issuer":"https://evil.example","token_endpoint":"https://evil.example/t"})"));
  for (int i = 0; i < 2; ++i)
    http.replies.push_back(answer(404, ""));
  const auto got = token_endpoint(kEndpoint, Reach::internet, http);
  REQUIRE(!got);
  CHECK(got.error().reason == reason::kWrongIssuer);
}

TEST_CASE("oauth/exchange: an issuer without token endpoint or metadata is an error") {
  test::FakeHttp http;
  http.replies.push_back(answer(200, R"({"issuer":"https://auth.example"})"));
  CHECK(token_endpoint("https://auth.example", Reach::internet, http).error().message ==
        "the metadata of `https://auth.example` names no `token_endpoint`");
  for (int i = 0; i < 2; ++i)
    http.replies.push_back(answer(404, ""));
  CHECK(token_endpoint("https://auth.example", Reach::internet, http).error().code ==
        Errc::not_found);
}

}  // namespace mcpauth::oauth
