#include "core/oauth/metadata.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "support/fakes.hpp"

namespace mcpauth::oauth {
namespace {

using http::Reach;

http::Response json(std::string body, int status = 200) {
  return {
      .status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
}

http::Response status(int code) {
  return {.status = code};
}

std::vector<std::string> urls(std::string_view issuer) {
  const auto out = metadata_urls(issuer);
  return out ? *out : std::vector<std::string>{out.error().message};
}

Error refused(std::string_view issuer, std::vector<Result<http::Response>> replies,
              Reach reach = Reach::internet) {
  test::FakeHttp http;
  for (auto& reply : replies)
    http.replies.push_back(std::move(reply));
  const auto got = discover(issuer, reach, http);
  REQUIRE(!got);
  CHECK(http.replies.empty());
  return got.error();
}

const std::string kIssuer = "https://idp.example/t1";
const std::string kGood =
    R"({"issuer":"https://idp.example/t1","jwks_uri":"https://keys.example/jwks",)"
    R"("token_endpoint":"https://idp.example/token","other":[1]})";

}  // namespace

TEST_CASE("oauth/metadata: the places of metadata, in the order of the MCP specification") {
  CHECK(urls("https://a") ==
        std::vector<std::string>{"https://a/.well-known/oauth-authorization-server",
                                 "https://a/.well-known/openid-configuration"});
  CHECK(urls("https://a/") == urls("https://a"));
  CHECK(urls("https://a:8443/t/1/") ==
        std::vector<std::string>{"https://a:8443/.well-known/oauth-authorization-server/t/1",
                                 "https://a:8443/.well-known/openid-configuration/t/1",
                                 "https://a:8443/t/1/.well-known/openid-configuration"});
  CHECK(urls("https://a/?x")[0] == "issuer: the URL has a query");
  CHECK(urls("https://a/#x")[0] == "issuer: the URL has a fragment");
}

TEST_CASE("oauth/metadata: the first place that has it decides") {
  test::FakeHttp http;
  http.replies.push_back(json(kGood));
  const auto got = discover(kIssuer, Reach::internet, http);
  REQUIRE(got);
  CHECK(got->issuer == kIssuer);
  CHECK(got->jwks_uri == "https://keys.example/jwks");
  CHECK(got->token_endpoint == "https://idp.example/token");
  REQUIRE(http.requests.size() == 1);
  CHECK(http.requests[0].url == "https://idp.example/.well-known/oauth-authorization-server/t1");
  CHECK(http.requests[0].reach == Reach::internet);
}

TEST_CASE("oauth/metadata: a place without it, or with something else, leads to the next") {
  for (auto first : {status(404), status(400), status(503), status(302), json("<!doctype html>"),
                     json("{}"), json(R"({"issuer":"https://idp.example"})")}) {
    test::FakeHttp http;
    http.replies.push_back(first);
    http.replies.push_back(status(404));
    http.replies.push_back(json(kGood));
    const auto got = discover(kIssuer, Reach::internet, http);
    REQUIRE(got);
    CHECK(http.requests.size() == 3);
    CHECK(http.requests[2].url == "https://idp.example/t1/.well-known/openid-configuration");
  }
}

TEST_CASE("oauth/metadata: a document of another issuer is refused, byte for byte") {
  for (const std::string other : {"https://idp.example/t1/", "https://IDP.example/t1",
                                  "https://idp.example:443/t1", "https://evil.example/t1", ""}) {
    CAPTURE(other);
    const auto error =
        refused(kIssuer, {json("{\"issuer\":\"" + other + "\"}"), status(404), status(404)});
    CHECK(error.code == Errc::input);
    CHECK(error.reason == reason::kWrongIssuer);
    CHECK(error.message ==
          "`https://idp.example/.well-known/oauth-authorization-server/t1`: the metadata is from "
          "issuer `" +
              other + "`, not from `https://idp.example/t1`");
  }
}

TEST_CASE("oauth/metadata: nothing at any place is not_found and says where it looked") {
  const auto error = refused(kIssuer, {status(404), status(401), status(410)});
  CHECK(error.code == Errc::not_found);
  CHECK(error.message == "`https://idp.example/t1` publishes no metadata");
  CHECK(error.why.find("`https://idp.example/t1/.well-known/openid-configuration`") !=
        std::string::npos);
}

TEST_CASE("oauth/metadata: an unreachable host is asked once") {
  const Error down{.code = Errc::timeout, .message = "down"};
  CHECK(refused(kIssuer, {down}).code == Errc::timeout);
}

TEST_CASE("oauth/metadata: the first thing that was wrong is reported") {
  struct Row {
    http::Response reply;
    std::string_view message;
  };
  const std::string at = "`https://idp.example/.well-known/oauth-authorization-server/t1`";
  const Row rows[] = {
      {status(302), " redirects, which is not followed"},
      {status(500), " answered with status 500"},
      {json(" \n<html>"), " answered with a web page instead of JSON"},
      {{.status = 200, .headers = {{"content-type", "text/html; charset=utf-8"}}, .body = "{}"},
       " answered with a web page instead of JSON"},
      {json("{}"), ": the metadata names no `issuer`"},
      {json("[]"), ": the metadata names no `issuer`"},
      {json(R"({"issuer":1})"), ": `issuer` is not a string"},
      {json(R"({"issuer":"https://idp.example/t1","jwks_uri":7})"), ": `jwks_uri` is not a string"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const auto error = refused(kIssuer, {row.reply, status(404), status(404)});
    CHECK(error.message == at + std::string(row.message));
  }
}

TEST_CASE("oauth/metadata: endpoints that may not be asked are refused") {
  const auto with = [](std::string_view jwks_uri) {
    return json(R"({"issuer":"https://idp.example/t1","jwks_uri":")" + std::string(jwks_uri) +
                "\"}");
  };
  for (const auto& reach : {Reach::internet, Reach::loopback_too}) {
    for (const std::string uri : {"http://idp.example/k", "http://169.254.169.254/k"}) {
      const auto error = refused(kIssuer, {with(uri), status(404), status(404)}, reach);
      CHECK(error.reason == reason::kAddressForbidden);
      CHECK(error.message.ends_with(": `jwks_uri` is not an https URL"));
    }
  }
  CHECK(refused(kIssuer, {with("http://127.0.0.1/k"), status(404), status(404)}).reason ==
        reason::kAddressForbidden);
  for (const std::string uri : {"file:///etc/passwd", "https://u:p@a/", "jwks", "https://0x7f.1/"})
    CHECK(refused(kIssuer, {with(uri), status(404), status(404)})
              .message.find("`jwks_uri`: the URL") != std::string::npos);
  test::FakeHttp http;
  http.replies.push_back(with("http://127.0.0.1/k"));
  CHECK(discover(kIssuer, Reach::loopback_too, http)->jwks_uri == "http://127.0.0.1/k");
}

}  // namespace mcpauth::oauth
