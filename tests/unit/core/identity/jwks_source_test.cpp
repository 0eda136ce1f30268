#include "core/identity/jwks_source.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "key_documents.hpp"
#include "support/fakes.hpp"

namespace mcpauth::identity {
namespace {

using http::Reach;
using namespace std::chrono_literals;

const std::string kUrl = "https://idp.example/jwks?app=1";
const std::string kMetadata =
    R"({"issuer":"https://idp.example","jwks_uri":"https://idp.example/keys"})";

std::string header(const http::Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return {};
}

}  // namespace

TEST_CASE("identity/jwks_source: freshness is max-age between a minute and an hour") {
  struct Row {
    std::string_view header;
    std::chrono::seconds fresh;
  };
  const Row rows[] = {
      {"", 300s},
      {"public", 300s},
      {"max-age=600", 600s},
      {"public, Max-Age = 600, must-revalidate", 600s},
      {"max-age=0", 60s},
      {"max-age=59", 60s},
      {"max-age=3600", 3600s},
      {"max-age=3601", 3600s},
      {"max-age=99999999999999999999999", 3600s},
      {"max-age=-5", 300s},
      {"max-age=", 300s},
      {"max-age=abc", 300s},
      {"max-age=60x", 300s},
      {"max-age=\"600\"", 300s},
      {"s-maxage=600", 300s},
      {"no-store", 60s},
      {"max-age=600, no-cache", 60s},
  };
  for (const auto& row : rows) {
    CAPTURE(row.header);
    CHECK(freshness(row.header, 300s) == row.fresh);
  }
}

TEST_CASE("identity/jwks_source: a set is asked for again by its ETag, and 304 keeps it") {
  test::FakeHttp http;
  http.replies.push_back(json_answer(jwks("k1"), "max-age=600", "\"v1\""));
  http.replies.push_back(
      http::Response{.status = 304, .headers = {{"cache-control", "max-age=900"}}});
  http.replies.push_back(json_answer(jwks("k2"), "", std::string(300, 'e')));
  http.replies.push_back(http::Response{.status = 304});
  JwksSource source({.jwks_uri = kUrl}, http, {});

  const auto first = source.fetch(0s);
  REQUIRE(first);
  REQUIRE(first->keys);
  CHECK(first->keys->with_kid("k1").size() == 1);
  CHECK(first->fresh == 600s);
  CHECK(header(http.requests[0], "If-None-Match") == "");
  CHECK(http.requests[0].max_body == jose::KeySet::kMaxBytes);

  const auto second = source.fetch(0s);
  REQUIRE(second);
  CHECK(second->keys == nullptr);
  CHECK(second->fresh == 900s);
  CHECK(header(http.requests[1], "If-None-Match") == "\"v1\"");

  REQUIRE(source.fetch(0s));
  const auto fourth =
      source.fetch(0s);  // an ETag too long to keep was not sent, so 304 is not an answer
  REQUIRE(!fourth);
  CHECK(header(http.requests[3], "If-None-Match") == "");
}

TEST_CASE("identity/jwks_source: the ETag of a document that was refused is not used") {
  test::FakeHttp http;
  http.replies.push_back(json_answer("{\"keys\":[]}", "", "\"bad\""));
  http.replies.push_back(json_answer(jwks("k1")));
  JwksSource source({.jwks_uri = kUrl}, http, {});
  CHECK(!source.fetch(0s));
  CHECK(source.fetch(0s));
  CHECK(header(http.requests[1], "If-None-Match") == "");
}

TEST_CASE("identity/jwks_source: every unusable answer says what was wrong and where") {
  struct Row {
    http::Response reply;
    Errc code;
    std::string_view reason, message;
  };
  std::string many = "{\"keys\":[{}";
  for (int i = 0; i < 256; ++i)
    many += ",{}";
  const Row rows[] = {
      {{.status = 302},
       Errc::network,
       reason::kIdpUnreachable,
       " redirects, which is not followed"},
      {{.status = 304},
       Errc::network,
       reason::kIdpUnreachable,
       " redirects, which is not followed"},
      {{.status = 404}, Errc::network, reason::kIdpUnreachable, " answered with status 404"},
      {{.status = 500}, Errc::network, reason::kIdpUnreachable, " answered with status 500"},
      {{.status = 204}, Errc::network, reason::kIdpUnreachable, " answered with status 204"},
      {json_answer("<html>"), Errc::input, reason::kKeySetUnusable, "instead of JSON"},
      {json_answer(""), Errc::input, reason::kKeySetUnusable, "the key set"},
      {json_answer("{}"), Errc::input, reason::kKeySetUnusable, "no member `keys`"},
      {json_answer("{\"keys\":[]}"), Errc::input, reason::kKeySetUnusable, "no usable key"},
      {json_answer(many + "]}"), Errc::input, reason::kKeySetUnusable, "257 keys"},
      {json_answer(jwks("a", R"(,"use":"enc")")), Errc::input, reason::kKeySetUnusable,
       "no usable key"},
      {json_answer(jwks("a", R"(,"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")")), Errc::input,
       reason::kKeySetUnusable, "no usable key"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    test::FakeHttp http;
    http.replies.push_back(row.reply);
    JwksSource source({.jwks_uri = kUrl}, http, {});
    const auto got = source.fetch(0s);
    REQUIRE(!got);
    CHECK(got.error().code == row.code);
    CHECK(got.error().reason == row.reason);
    CHECK(got.error().message.find("`https://idp.example/jwks`") != std::string::npos);
    CHECK(got.error().message.find(row.message) != std::string::npos);
  }
}

TEST_CASE("identity/jwks_source: what the client could not do keeps its code and reason") {
  struct Row {
    Errc sent, got;
    std::string_view reason, expected;
  };
  const Row rows[] = {
      {Errc::network, Errc::network, "", reason::kIdpUnreachable},
      {Errc::timeout, Errc::timeout, "", reason::kIdpUnreachable},
      {Errc::network, Errc::network, reason::kAddressForbidden, reason::kAddressForbidden},
      {Errc::input, Errc::input, "", reason::kKeySetUnusable},
  };
  for (const auto& row : rows) {
    test::FakeHttp http;
    http.replies.push_back(Error{.code = row.sent, .message = "x", .reason = row.reason});
    JwksSource source({.jwks_uri = kUrl}, http, {});
    const auto got = source.fetch(0s);
    REQUIRE(!got);
    CHECK(got.error().code == row.got);
    CHECK(got.error().reason == row.expected);
    CHECK(got.error().message == "keys at `https://idp.example/jwks`: x");
  }
}

TEST_CASE("identity/jwks_source: an issuer is discovered once an hour, and again after a failure") {
  test::FakeHttp http;
  http.replies.push_back(json_answer(kMetadata));
  http.replies.push_back(json_answer(jwks("k1"), "", "\"v1\""));
  http.replies.push_back(http::Response{.status = 304});
  http.replies.push_back(json_answer(kMetadata));
  http.replies.push_back(http::Response{.status = 404});
  http.replies.push_back(
      json_answer(R"({"issuer":"https://idp.example","jwks_uri":"https://new.example/keys"})"));
  http.replies.push_back(json_answer(jwks("k2")));
  JwksSource source({.issuer = "https://idp.example", .reach = Reach::loopback_too}, http, {});
  CHECK(source.fetch(0s));
  CHECK(source.fetch(3599s));
  CHECK(!source.fetch(3600s));
  CHECK(source.fetch(3601s));
  REQUIRE(http.requests.size() == 7);
  const std::string metadata = "https://idp.example/.well-known/oauth-authorization-server";
  const std::string urls[] = {metadata,
                              "https://idp.example/keys",
                              "https://idp.example/keys",
                              metadata,
                              "https://idp.example/keys",
                              metadata,
                              "https://new.example/keys"};
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(http.requests[i].url == urls[i]);
    CHECK(http.requests[i].reach == Reach::loopback_too);
  }
  CHECK(header(http.requests[6], "If-None-Match") == "");  // an ETag is of its own URL
}

TEST_CASE(
    "identity/jwks_source: metadata without keys, of another issuer or absent is not a key "
    "source") {
  const auto failure = [](http::Response reply) {
    test::FakeHttp http;
    http.replies.push_back(std::move(reply));
    for (int i = 0; i < 2; ++i)
      http.replies.push_back(http::Response{.status = 404});
    JwksSource source({.issuer = "https://idp.example"}, http, {});
    const auto got = source.fetch(0s);
    REQUIRE(!got);
    CHECK(got.error().code == Errc::input);
    return got.error();
  };
  CHECK(failure(json_answer(R"({"issuer":"https://idp.example"})")).message ==
        "the metadata of `https://idp.example` has no `jwks_uri`");
  CHECK(
      failure(json_answer(R"({"issuer":"https://evil.example","jwks_uri":"https://a/"})")).reason ==
      reason::kWrongIssuer);
  CHECK(failure(
            json_answer(R"({"issuer":"https://idp.example","jwks_uri":"http://169.254.169.254/"})"))
            .reason == reason::kAddressForbidden);
  CHECK(failure(http::Response{.status = 404}).message ==
        "`https://idp.example` publishes no metadata");
}

}  // namespace mcpauth::identity
