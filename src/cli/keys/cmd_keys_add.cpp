#include <memory>
#include <ostream>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/key_input.hpp"
#include "cli/frame/output.hpp"
#include "cli/keys/ring_options.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/keys/generate.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::optional<std::string> source;
  std::optional<crypto::Algorithm> alg;
  std::optional<std::string> passphrase;
  RingOptions ring;
};

/// The key to add: read from its source, or a new one. Without --alg that has the algorithm of the
/// active key.
Result<jose::SigningKey> key_for(const keys::Ring& ring, const Options& options, Env& env) {
  if (!options.source) return keys::generate(options.alg.value_or(ring.active().alg));
  TRY(auto material, open_key(*options.source, options.passphrase, options.alg, env));
  if (material.private_key) return *std::move(material.private_key);
  return Error{.code = Errc::input,
               .message = text::format("`{}` is a {}; a ring needs private keys", *options.source,
                                       keys::name(material.form))};
}

Result<Exit> add(const Options& options, Env& env) {
  TRY(const auto directory, ring_directory(options.ring, env));
  TRY(auto ring, keys::Ring::open(directory));
  TRY(const auto key, key_for(ring, options, env));
  const auto kid = jose::thumbprint(key.key.public_key());
  auto record = operator_record("keys.add");
  record.jti = kid;
  TRY_VOID(audited(record, env, [&] { return ring.add(key, env.now()); }));
  const auto signs = time::format_instant(env.now() + options.ring.rotation().publish);
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.keys.add/1"},
                                 {"kid", kid},
                                 {"alg", crypto::name(key.alg)},
                                 {"state", "next"},
                                 {"signs_from", signs}});
    return Exit::ok;
  }
  env.out << kid << '\n';
  note(env,
       text::format("published now; signs from {} on, at the next `mcpauth keys rotate`", signs));
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("SRC", "A private key, PEM or JWK; without it a new key is made", options->source)
      .completes = Completes::file;
  bind_algorithm(spec, "Algorithm, if not that of the active key", options->alg);
  spec.value("--passphrase", "SRC", "Where the passphrase of the key comes from",
             options->passphrase);
  bind_ring(spec, options->ring);
  bind_rotation(spec, options->ring);
  return [options](Env& env) { return add(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth keys add --alg EdDSA", "change the algorithm with the next rotation"},
    {"mcpauth keys add imported.pem", "import a key; its kid becomes the thumbprint"},
};

}  // namespace

extern const Command kKeysAdd;
constinit const Command kKeysAdd = {
    .path = "keys add",
    .summary = "Add the next key to the ring",
    .description =
        "Adds a key to the ring as the next one, new or from a file, and prints its kid. The key "
        "is "
        "published at once. It starts to sign with the first `keys rotate` after it has been "
        "published long enough. There is at most one next key.",
    .examples = kExamples,
    .exits = "0 2 3 5",
    .bind = bind,
};

}  // namespace mcpauth::cli
