#include "core/keys/generate.hpp"

#include <string>
#include <vector>

#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::keys {
namespace {

Error usage(std::string message, std::string hint) {
  return {.code = Errc::usage, .message = std::move(message), .hint = std::move(hint)};
}

crypto::KeyType type_for(crypto::Algorithm alg) {
  using enum crypto::KeyType;
  for (const auto type : {p256, p384, p521, ed25519}) {
    if (crypto::fits(alg, type)) return type;
  }
  return rsa;
}

Result<void> check_bits(crypto::KeyType type, unsigned bits) {
  if (type != crypto::KeyType::rsa) {
    return usage("only RSA keys come in different sizes",
                 "leave the size out, or choose RS256 or PS256");
  }
  if (bits < crypto::kMinRsaBits) {
    return usage(text::format("RSA keys under {} bits are refused: verifiers do not accept them",
                              crypto::kMinRsaBits),
                 "2048 or more; ES256 is stronger and faster");
  }
  if (bits > crypto::kMaxRsaBits) {
    return usage(text::format("RSA keys over {} bits are refused: they make verifying slow",
                              crypto::kMaxRsaBits),
                 "4096 is plenty");
  }
  return {};
}

}  // namespace

Result<crypto::Algorithm> signing_algorithm(std::string_view name) {
  if (const auto known = crypto::algorithm_named(name)) return *known;
  if (name.starts_with("HS")) {
    return usage(
        "symmetric keys are not offered: everybody who can verify with one can also sign with it",
        "ES256, the default, needs no shared secret");
  }
  if (name == "none") return usage("`none` is not a signature", "ES256 is the default");
  std::vector<std::string_view> names;
  for (const auto alg : crypto::algorithms())
    names.push_back(crypto::name(alg));
  return usage(text::format("`{}` is not a supported signature algorithm", name),
               text::did_you_mean(name, names));
}

Result<jose::SigningKey> generate(crypto::Algorithm alg, std::optional<unsigned> bits) {
  const auto type = type_for(alg);
  if (bits) TRY_VOID(check_bits(type, *bits));
  TRY(auto key, crypto::PrivateKey::generate(type, bits.value_or(crypto::kMinRsaBits)));
  auto kid = jose::thumbprint(key.public_key());
  return jose::SigningKey{std::move(key), alg, std::move(kid)};
}

}  // namespace mcpauth::keys
