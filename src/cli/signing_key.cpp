#include "cli/signing_key.hpp"

#include "cli/sources.hpp"

namespace mcpauth::cli {

Result<jose::SigningKey> read_signing_key(const KeyChoice& choice, Env& env) {
  TRY(const Secret content, read_source(choice.key, env, "the signing key"));
  Secret passphrase;
  if (!choice.passphrase.empty()) {
    TRY(passphrase, read_source(choice.passphrase, env, "the passphrase"));
  }
  auto key = jose::load_signing_key(content, passphrase, choice.alg);
  const bool locked = !key && key.error().code == Errc::needs_person;
  if (!locked || !choice.passphrase.empty()) return key;
  TRY(passphrase, ask("Passphrase of the signing key: ", env));
  return jose::load_signing_key(content, passphrase, choice.alg);
}

}  // namespace mcpauth::cli
