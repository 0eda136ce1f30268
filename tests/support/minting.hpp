#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "core/codec/json.hpp"
#include "core/jose/jwks.hpp"
#include "core/jose/jws.hpp"
#include "core/keys/generate.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline constexpr std::int64_t kNowSeconds = 1'800'000'000;

/// A company: its IdP with a key, our configuration and policy, our signing key in a file.
class Company {
 public:
  explicit Company(std::string_view more_config = "",
                   std::string_view idp_issuer = "https://idp.example.com") {
    key_file_ = dir_.write("key.pem", ours_.key.to_pem()->reveal_text()).string();
    dir_.write("rbac.toml", kPolicy);
    dir_.write("mcpauth.toml", std::string(kConfig) + std::string(more_config));
    issuer_ = idp_issuer;
    world.directory = dir_.path();
    publish();
  }

  /// The IdP answers the next fetch of its keys.
  void publish() {
    const std::string set = R"({"keys":[)" +
                            json::write(jose::to_jwk(idp_.key.public_key(), idp_.kid, idp_.alg)) +
                            "]}";
    world.http.replies.push_back(
        http::Response{.status = 200,
                       .headers = {{"content-type", "application/json"}},
                       .body = R"({"issuer":"https://idp.example.com",)"
                               R"("jwks_uri":"https://idp.example.com/keys"})"});
    world.http.replies.push_back(http::Response{
        .status = 200, .headers = {{"content-type", "application/json"}}, .body = set});
  }

  /// An IdP token of alice with these groups, as a file.
  std::string token(json::Array groups = {"HR"}, const json::Object& more = {}) {
    json::Object claims{{"iss", issuer_},     {"sub", "alice"},
                        {"aud", "mcpauth"},   {"exp", kNowSeconds + 3600},
                        {"iat", kNowSeconds}, {"org_id", "acme"},
                        {"jti", "idp-1"},     {"groups", std::move(groups)}};
    for (const auto& [name, value] : more)
      claims.set(name, value);
    const auto signed_token = jose::sign_jwt(idp_, "JWT", claims);
    REQUIRE(signed_token);
    return dir_.write("idp.jwt", *signed_token).string();
  }

  Run mint(std::vector<std::string> more, const std::string& token) {
    std::vector<std::string> args = {"mint",    "--subject-token", token,       "--key",
                                     key_file_, "--audience",      "https://hr"};
    args.insert(args.end(), more.begin(), more.end());
    return mcpauth(args, world);
  }

  const std::string& key_file() const { return key_file_; }
  const TempDir& dir() const { return dir_; }

  World world;

 private:
  static constexpr std::string_view kConfig = R"([issuer]
url = "https://auth.example.com"
keys = "ring"
[[idp]]
name = "company"
preset = "generic"
issuer = "https://idp.example.com"
audience = ["mcpauth"]
org_claim = "org_id"
groups_claim = "groups"
[policy]
file = "rbac.toml"
)";
  static constexpr std::string_view kPolicy = R"(version = 1
[tools]
"hr/get_employee" = ["db:read:employee"]
"hr/set_salary" = ["db:write:salary"]
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
scopes = ["db:write:*"]
[[grant]]
role = "reader"
groups = ["company:HR"]
org = "acme"
)";

  TempDir dir_;
  std::string issuer_;
  jose::SigningKey idp_ = keys::generate(crypto::Algorithm::es256).value();
  jose::SigningKey ours_ = keys::generate(crypto::Algorithm::es256).value();
  std::string key_file_;
};

/// The claims of a compact token.
inline json::Value claims_of(std::string_view token) {
  while (token.ends_with('\n'))
    token.remove_suffix(1);
  const auto jws = jose::parse_jws(token);
  REQUIRE(jws);
  return json::parse(text_of(jws->payload)).value();
}

inline std::string text_of_claim(const json::Value& claims, std::string_view name) {
  const auto* value = claims.find(name);
  REQUIRE(value != nullptr);
  return value->string() != nullptr ? *value->string() : json::write(*value);
}

/// The flags of the second form: every claim by hand.
inline std::vector<std::string> by_hand(const std::string& key_file,
                                        std::vector<std::string> more = {}) {
  std::vector<std::string> args = {
      "mint",      "-C",    "none",  "--key", key_file,     "--issuer",  "https://auth.example.com",
      "--subject", "alice", "--org", "acme",  "--audience", "https://hr"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

}  // namespace mcpauth::test
