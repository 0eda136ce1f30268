#include "core/token/sign.hpp"

#include "core/codec/format.hpp"
#include "core/crypto/digest.hpp"
#include "core/jose/jws.hpp"
#include "core/token/lifetime.hpp"

namespace mcpauth::token {
namespace {

std::int64_t epoch(Instant instant) {
  return instant.time_since_epoch().count();
}

/// Puts the times between `aud` and `client_id`, as in the examples of RFC 9068.
json::Object with_times(const Claims& claims, Instant now, Instant expires,
                        const std::string& jti) {
  json::Object all;
  for (const auto& [claim, value] : to_json(claims)) {
    all.set(claim, value);
    if (claim != "aud") continue;
    all.set("exp", epoch(expires));
    all.set("iat", epoch(now));
    all.set("nbf", epoch(now));
    all.set("jti", jti);
  }
  return all;
}

}  // namespace

Result<Minted> sign(const Claims& claims, std::chrono::seconds ttl, const jose::SigningKey& key,
                    Instant now, Random& random) {
  TRY(const std::chrono::seconds lifetime, choose_ttl(ttl, {}));
  TRY_VOID(check(claims));
  std::string jti = crypto::random_id(random);
  const Instant expires = now + lifetime;
  json::Object all = with_times(claims, now, expires, jti);
  TRY(std::string compact, jose::sign_jwt(key, "at+jwt", all));
  if (compact.size() > jose::kMaxTokenBytes) {
    return Error{
        .code = Errc::usage,
        .message = text::format("the token would have {} bytes, more than any verifier accepts",
                                compact.size()),
        .hint = "ask for fewer scopes, with --scope or --for-tool, or give fewer claims"};
  }
  Minted minted{.token = Secret::copy_of(compact),
                .claims = std::move(all),
                .jti = std::move(jti),
                .expires = expires};
  wipe({reinterpret_cast<std::uint8_t*>(compact.data()), compact.size()});
  return minted;
}

}  // namespace mcpauth::token
