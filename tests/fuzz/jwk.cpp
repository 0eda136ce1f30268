#include "core/jose/jwk.hpp"

#include <cstdint>
#include <cstdlib>

#include "core/jose/jwks.hpp"

// Public keys, key sets, and private keys as JWK or PEM. An accepted key reads back the same after
// it is written.
namespace {

using namespace mcpauth;

void read_public(std::string_view text) {
  const auto value = json::parse(text);
  if (!value) return;
  const auto jwk = jose::parse_jwk(*value);
  if (!jwk) {
    if (jwk.error().reason.empty() && jwk.error().code != Errc::crypto) std::abort();
    return;
  }
  const auto alg = jwk->alg.value_or(crypto::default_algorithm(jwk->key.type()));
  const auto back = jose::parse_jwk(jose::to_jwk(jwk->key, jwk->kid, alg));
  if (!back || jose::thumbprint(back->key) != jose::thumbprint(jwk->key)) std::abort();
}

void read_set(std::string_view text) {
  const auto set = jose::KeySet::parse(text);
  if (!set) return;
  if (set->keys().empty()) std::abort();
  const auto back = jose::KeySet::parse(set->to_json());
  if (!back || back->keys().size() != set->keys().size()) std::abort();
}

void read_private(std::string_view text) {
  const auto key = jose::load_signing_key(Secret::copy_of(text), {});
  if (!key) return;
  const auto back = jose::parse_private_jwk(jose::to_private_jwk(*key));
  if (!back ||
      jose::thumbprint(back->key.public_key()) != jose::thumbprint(key->key.public_key())) {
    std::abort();
  }
  const auto signature = key->key.sign(key->alg, bytes_of("m"));
  if (!signature) return;  // OpenSSL may notice that p or q is not prime
  if (key->key.type() == crypto::KeyType::rsa) return;
  if (!key->key.public_key().verify(key->alg, bytes_of("m"), *signature).value()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of({data, size});
  read_public(text);
  read_set(text);
  read_private(text);
  return 0;
}
