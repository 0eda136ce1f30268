#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/key_input.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/usage.hpp"
#include "cli/keys/key_output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/keys/generate.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::optional<crypto::Algorithm> alg;
  std::optional<unsigned> bits;
  std::string format = "pem";
  bool encrypt = false;
  std::optional<std::string> passphrase;
  bool force = false;
  std::optional<std::string> file;
  std::optional<std::string> directory;
};

/// Checks the flags together, before a key is made.
Result<void> check(const Options& options, const Env& env) {
  if (options.file.has_value() == options.directory.has_value()) {
    return usage(options.file ? "a key goes into a file or into a ring, not both"
                              : "where does the private key go?",
                 "-o FILE, or --keys DIR for a key ring");
  }
  if (options.directory && (options.encrypt || options.force || options.format != "pem")) {
    return usage("a key ring has its own form: --format, --encrypt and --force are for -o",
                 "a server reads the ring when nobody is there to type a passphrase");
  }
  if (options.passphrase && !options.encrypt) {
    return usage("--passphrase without --encrypt", "add --encrypt");
  }
  if (options.encrypt && options.format == "jwk") {
    return usage("a JWK cannot be encrypted here", "--format pem");
  }
  if (options.file == "-" && env.globals.json) {
    return usage("stdout cannot hold the private key and the JSON answer", "-o FILE");
  }
  return {};
}

json::Object answer(std::string_view kid, crypto::Algorithm alg) {
  return {{"schema", "mcpauth.keygen/1"}, {"kid", kid}, {"alg", crypto::name(alg)}};
}

Result<Exit> into_file(const std::string& file, const Options& options, Env& env) {
  TRY(const auto key, keys::generate(options.alg.value_or(crypto::Algorithm::es256), options.bits));
  Secret passphrase;
  if (options.encrypt) {
    TRY(passphrase, new_passphrase(options.passphrase, env, "--passphrase"));
  }
  const auto format = options.format == "jwk" ? KeyFormat::jwk : KeyFormat::pem;
  TRY(const auto text, private_text(key, format, passphrase));
  if (auto written = write_private(text, file, options.force, env); !written) {
    auto error = std::move(written).error();
    if (error.code == Errc::exists) {
      error.why = text::format(
          "an existing key is kept: `mcpauth keys convert --public --format jwk {}` "
          "prints its public part",
          file);
    }
    return error;
  }
  const json::Value jwk(jose::to_jwk(key.key.public_key(), key.kid, key.alg));
  const bool usual = crypto::default_algorithm(key.key.type()) == key.alg;
  if (format == KeyFormat::pem && !usual) {
    note(env,
         text::format("a PEM does not name the algorithm of its key: sign with `mint --alg {}`, or "
                      "make the key with `--format jwk`",
                      crypto::name(key.alg)));
  }
  if (env.globals.json) {
    auto document = answer(key.kid, key.alg);
    document.set("file", file);
    document.set("jwk", jwk);
    print_json(env, document);
  } else if (file == "-") {
    note(env, json::write(jwk));
  } else {
    env.out << json::write(jwk) << '\n';
  }
  return Exit::ok;
}

/// Makes the ring, or adds the next key to an existing one. Without --alg that key has the
/// algorithm of the active key. Returns the entry of the new key.
Result<keys::Entry> into(const std::filesystem::path& directory, const Options& options, Env& env) {
  auto ring = keys::Ring::open(directory);
  if (!ring && ring.error().code != Errc::not_found) return std::move(ring).error();
  const auto usual = ring ? ring->active().alg : crypto::Algorithm::es256;
  TRY(const auto key, keys::generate(options.alg.value_or(usual), options.bits));
  auto record = operator_record("keys.add");
  record.jti = key.kid;
  if (ring) {
    TRY_VOID(audited(record, env, [&] { return ring->add(key, env.now()); }));
  } else {
    TRY(ring, audited(record, env, [&] { return keys::Ring::create(directory, key, env.now()); }));
  }
  return *std::ranges::find(ring->entries(), key.kid, &keys::Entry::kid);
}

Result<Exit> into_ring(const std::filesystem::path& directory, const Options& options, Env& env) {
  TRY(const auto entry, into(directory, options, env));
  const auto place = text::printable(directory.string());
  const auto signs = time::format_instant(env.now() + keys::Rotation{}.publish);
  if (entry.state == keys::State::active) {
    note(env, text::format("made the key ring {}: `{}` signs now", place, entry.kid));
  } else {
    note(env,
         text::format("added a next key to {}: `{}` is published now and signs from {} on, at the "
                      "next `mcpauth keys rotate`",
                      place, entry.kid, signs));
  }
  const json::Value jwk(jose::to_jwk(entry.key, entry.kid, entry.alg));
  if (!env.globals.json) {
    env.out << json::write(jwk) << '\n';
    return Exit::ok;
  }
  auto document = answer(entry.kid, entry.alg);
  document.set("directory", directory.string());
  document.set("state", keys::name(entry.state));
  document.set("jwk", jwk);
  print_json(env, document);
  return Exit::ok;
}

Result<Exit> keygen(const Options& options, Env& env) {
  TRY_VOID(check(options, env));
  return options.file ? into_file(*options.file, options, env)
                      : into_ring(*options.directory, options, env);
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  bind_algorithm(spec, "Algorithm", options->alg);
  spec.custom("--bits", "N", "Size of an RSA key, 2048 to 8192",
              [options](std::string_view text) -> Result<void> {
                options->bits = parse_number<unsigned>(text);
                if (options->bits) return {};
                return usage(text::format("`{}` is not a number of bits", text), "2048");
              });
  auto& format = spec.value("--format", "FORMAT", "Form of the private key", options->format);
  format.choices = {"pem", "jwk"};
  format.default_text = "pem";
  spec.flag("--encrypt", "Encrypt the PEM with a passphrase", options->encrypt);
  spec.value("--passphrase", "SRC", "Where the passphrase comes from; without it you are asked",
             options->passphrase);
  spec.flag("--force", "Overwrite the file", options->force);
  bind_key_output(spec, "The file of the private key (0600), or - for a pipe", options->file);
  spec.value("--keys", "DIR", "A key ring, made if there is none", options->directory).completes =
      Completes::directory;
  return [options](Env& env) { return keygen(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth keygen -o signing.pem", "make an ES256 key; its public JWK is printed"},
    {"mcpauth keygen --keys keys", "make a key ring, or add its next key"},
    {"mcpauth keygen --alg RS256 --bits 3072 --encrypt -o rsa.pem",
     "make an RSA key, encrypted with a passphrase that is asked for"},
};

}  // namespace

extern const Command kKeygen;
constinit const Command kKeygen = {
    .path = "keygen",
    .summary = "Make a signing key: private file, public JWK on stdout",
    .description =
        "Makes a key, ES256 unless another algorithm is named, and writes the private part as "
        "PKCS#8 PEM or JWK to a file that only you can read. The public JWK is printed on stdout, "
        "on one line. The kid is the RFC 7638 thumbprint. An existing file is left alone.\n\n"
        "With --keys the key goes into a key ring: a new directory, or an existing ring, as its "
        "next key. RSA keys under 2048 bits are refused, and symmetric keys are not offered.",
    .examples = kExamples,
    .exits = "0 2 3 5",
    .bind = bind,
};

}  // namespace mcpauth::cli
