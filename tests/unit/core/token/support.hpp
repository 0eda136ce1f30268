#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "core/codec/base64url.hpp"
#include "core/jose/jws.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::token {

inline constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

inline jose::SigningKey make_key(crypto::Algorithm alg = crypto::Algorithm::es256) {
  auto key = crypto::PrivateKey::generate(alg == crypto::Algorithm::eddsa ? crypto::KeyType::ed25519
                                                                          : crypto::KeyType::p256);
  REQUIRE(key);
  std::string kid = jose::thumbprint(key->public_key());
  return {.key = *std::move(key), .alg = alg, .kid = std::move(kid)};
}

/// A compact token of these texts, signed by nobody.
inline std::string unsigned_token(std::string_view header, std::string_view payload,
                                  std::string_view signature = std::string(64, 's')) {
  return base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload)) + "." +
         base64url::encode(bytes_of(signature));
}

inline policy::Engine engine_of(std::string_view toml) {
  auto parsed = policy::parse(toml, "rbac.toml");
  REQUIRE_MESSAGE(parsed, (parsed ? std::string() : parsed.error().message));
  return policy::Engine(*std::move(parsed));
}

inline constexpr std::string_view kPolicy = R"(version = 1
[scopes]
"db:read:employee" = { risk = "low" }
"db:write:salary"  = { risk = "high" }
"db:write:payroll" = { risk = "high" }
[tools]
"hr/get_employee" = ["db:read:employee"]
"hr/set_salary"   = ["db:read:employee", "db:write:salary"]
"hr/ping"         = []
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
inherits = ["reader"]
scopes = ["db:write:*"]
deny   = ["db:write:payroll"]
ttl    = "5m"
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[[grant]]
role   = "writer"
groups = ["okta:HR-admins"]
org    = "acme"
)";

}  // namespace mcpauth::token
