#include "core/keys/jwks_endpoint.hpp"

#include <algorithm>
#include <thread>

#include <doctest/doctest.h>

#include "core/codec/ascii.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace mcpauth::keys {
namespace {

using crypto::KeyType;

jose::KeySet key_set(std::initializer_list<KeyType> types) {
  std::vector<jose::Jwk> keys;
  for (const auto type : types) {
    const auto key = crypto::PrivateKey::generate(type);
    REQUIRE(key);
    auto kid = jose::thumbprint(key->public_key());
    keys.push_back({.key = key->public_key(), .kid = std::move(kid)});
  }
  return jose::KeySet(std::move(keys));
}

std::unique_ptr<JwksEndpoint> endpoint(const jose::KeySet& keys, std::string issuer = {}) {
  auto made = JwksEndpoint::make({.issuer = std::move(issuer)}, keys);
  REQUIRE(made);
  return *std::move(made);
}

net::Response ask(net::Handler& handler, std::string_view path, std::string_view method = "GET",
                  std::vector<std::string_view> none_match = {}) {
  net::Request request;
  request.method = method;
  request.target = request.path = path;
  for (const auto value : none_match)
    request.headers.emplace_back("if-none-match", value);
  return handler.handle(request);
}

/// A header of a response; empty when absent.
std::string header(const net::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (text::equal_ignoring_case(key, name)) return value;
  }
  const std::string start = std::string(name) + ": ";
  const auto at = response.lines ? response.lines->find(start) : std::string::npos;
  if (at == std::string::npos) return {};
  const auto from = at + start.size();
  return response.lines->substr(from, response.lines->find("\r\n", from) - from);
}

constexpr std::string_view kJwks = "/.well-known/jwks.json";

}  // namespace

TEST_CASE("keys/jwks_endpoint: the key set is published with public members only") {
  const auto keys = key_set({KeyType::p256, KeyType::ed25519, KeyType::rsa});
  const auto handler = endpoint(keys);
  const auto response = ask(*handler, kJwks);
  CHECK(response.status == 200);
  CHECK(*response.body == keys.to_json());
  CHECK(header(response, "Content-Type") == "application/jwk-set+json");
  CHECK(header(response, "Cache-Control") == "public, max-age=300");
  CHECK(header(response, "Access-Control-Allow-Origin") == "*");
  CHECK(header(response, "X-Content-Type-Options") == "nosniff");
  const auto document = json::parse(*response.body);
  REQUIRE(document);
  for (const auto& jwk : *document->find("keys")->array()) {
    for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "k"}) {
      CHECK(jwk.find(name) == nullptr);
    }
  }
}

TEST_CASE("keys/jwks_endpoint: an unchanged document is a 304 with its tag") {
  const auto handler = endpoint(key_set({KeyType::p256}));
  const auto etag = header(ask(*handler, kJwks), "ETag");
  REQUIRE(etag.size() == 45);
  CHECK(etag.starts_with('"'));
  const std::string weak = "W/" + etag;
  const std::string list = "\"a,b\" , W/\"c\"," + etag;
  for (const std::string_view value : {std::string_view("*"), std::string_view(etag),
                                       std::string_view(weak), std::string_view(list)}) {
    CAPTURE(value);
    const auto response = ask(*handler, kJwks, "GET", {value});
    CHECK(response.status == 304);
    CHECK(response.body == nullptr);
    CHECK(header(response, "ETag") == etag);
    CHECK(header(response, "Cache-Control") == "public, max-age=300");
  }
  CHECK(ask(*handler, kJwks, "GET", {"\"a\"", etag}).status == 304);
  CHECK(ask(*handler, kJwks, "HEAD", {etag}).status == 304);
  const std::string open = etag.substr(0, 44);
  const std::string bare = etag.substr(1, 43);
  const std::string glued = "\"a\"" + etag;
  for (const std::string_view value :
       {std::string_view("\"a\""), std::string_view(open), std::string_view(bare),
        std::string_view(glued), std::string_view(""), std::string_view(",,"),
        std::string_view("W/"), std::string_view("\"")}) {
    CAPTURE(value);
    CHECK(ask(*handler, kJwks, "GET", {value}).status == 200);
  }
}

TEST_CASE("keys/jwks_endpoint: new keys replace the document and its tag") {
  const auto first = key_set({KeyType::p256});
  const auto second = key_set({KeyType::p256});
  const auto handler = endpoint(first);
  const auto etag = header(ask(*handler, kJwks), "ETag");
  handler->update(second);
  const auto response = ask(*handler, kJwks, "GET", {etag});
  CHECK(response.status == 200);
  CHECK(*response.body == second.to_json());
  CHECK(header(response, "ETag") != etag);
}

TEST_CASE("keys/jwks_endpoint: other methods are a 405, other paths a 404") {
  const auto handler = endpoint(key_set({KeyType::p256}));
  for (const std::string_view method : {"POST", "PUT", "DELETE", "OPTIONS", "get", "BREW"}) {
    const auto response = ask(*handler, kJwks, method);
    CHECK(response.status == 405);
    CHECK(header(response, "Allow") == "GET, HEAD");
  }
  for (const std::string_view path :
       {"/", "/.well-known", "/.well-known/jwks.json/", "//.well-known/jwks.json",
        "/.well-known/%6awks.json", "/.well-known/../.well-known/jwks.json",
        "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"}) {
    CAPTURE(path);
    CHECK(ask(*handler, path).status == 404);
  }
}

TEST_CASE("keys/jwks_endpoint: an issuer's metadata says what exists and no more") {
  const auto handler =
      endpoint(key_set({KeyType::p256, KeyType::rsa, KeyType::p256}), "https://auth.example.com");
  for (const std::string_view path :
       {"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"}) {
    const auto response = ask(*handler, path);
    REQUIRE(response.status == 200);
    CHECK(header(response, "Content-Type") == "application/json");
    CHECK(*response.body ==
          R"({"issuer":"https://auth.example.com",)"
          R"("jwks_uri":"https://auth.example.com/.well-known/jwks.json",)"
          R"("response_types_supported":["id_token"],"subject_types_supported":["public"],)"
          R"("id_token_signing_alg_values_supported":["ES256","RS256"]})");
  }
}

TEST_CASE("keys/jwks_endpoint: an issuer with a path is found where RFC 8414 and OpenID look") {
  for (const std::string issuer :
       {"https://auth.example.com/t/1", "https://auth.example.com/t/1/"}) {
    CAPTURE(issuer);
    const auto handler = endpoint(key_set({KeyType::p256}), issuer);
    for (const std::string_view path :
         {"/.well-known/oauth-authorization-server/t/1", "/.well-known/openid-configuration/t/1",
          "/t/1/.well-known/openid-configuration"}) {
      CAPTURE(path);
      const auto response = ask(*handler, path);
      REQUIRE(response.status == 200);
      const auto document = json::parse(*response.body);
      REQUIRE(document);
      CHECK(*document->find("issuer")->string() == issuer);
      CHECK(*document->find("jwks_uri")->string() ==
            "https://auth.example.com/t/1/.well-known/jwks.json");
    }
    CHECK(ask(*handler, "/t/1/.well-known/jwks.json").status == 200);
    CHECK(ask(*handler, kJwks).status == 200);
  }
}

TEST_CASE("keys/jwks_endpoint: an issuer that is not a plain URL is refused") {
  for (const std::string issuer : {"auth.example.com", "https://a.example/?x=1", "ftp://a.example",
                                   "https://u@a.example", "https://a.example/\r\nX: y"}) {
    CAPTURE(issuer);
    const auto made = JwksEndpoint::make({.issuer = issuer}, key_set({KeyType::p256}));
    REQUIRE_FALSE(made);
    CHECK(made.error().message.starts_with("the issuer"));
  }
}

TEST_CASE("keys/jwks_endpoint: requests during an update get one whole document or the other") {
  const auto first = key_set({KeyType::p256});
  const auto second = key_set({KeyType::ed25519});
  const auto handler = endpoint(first, "https://auth.example.com");
  const test::RunningServer server(*handler);
  std::jthread updates([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      handler->update(second);
      handler->update(first);
    }
  });
  test::RawClient client(server.port());
  const std::string request = "GET " + std::string(kJwks) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  int whole = 0;
  for (int i = 0; i < 500; ++i) {
    const auto body = client.ask(request).body;
    whole += body == first.to_json() || body == second.to_json() ? 1 : 0;
  }
  CHECK(whole == 500);
}

}  // namespace mcpauth::keys
