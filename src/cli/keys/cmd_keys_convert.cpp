#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/key_input.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/usage.hpp"
#include "cli/keys/key_output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/keys/material.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string source;
  std::optional<std::string> format;
  bool only_public = false;
  std::optional<std::string> kid;
  std::optional<crypto::Algorithm> alg;
  std::optional<std::string> passphrase;
  bool encrypt = false;
  std::optional<std::string> new_passphrase;
  std::optional<std::string> file;
  bool force = false;
};

/// The form of --format, else the only one that the other flags allow, else the other one of PEM
/// and JWK.
std::string format_for(const Options& options, keys::Form form, bool json) {
  if (options.format) return *options.format;
  if (options.encrypt) return "pem";
  const bool is_pem = form == keys::Form::private_pem || form == keys::Form::encrypted_pem ||
                      form == keys::Form::public_pem;
  return is_pem || json ? "jwk" : "pem";
}

/// The key to write as PEM or JWK, which hold one key only.
Result<jose::Jwk> one_key(const keys::Material& material, const Options& options) {
  const auto& all = material.keys;
  if (!options.kid && all.size() == 1) return all.front();
  if (!options.kid) {
    return usage(text::format("the set has {}", text::count_of(all.size(), "key")),
                 "choose one with --kid, or --format jwks");
  }
  const auto found = std::ranges::find(all, *options.kid, &jose::Jwk::kid);
  if (found != all.end()) return *found;
  return Error{.code = Errc::not_found,
               .message = text::format("there is no key `{}` in it", *options.kid),
               .hint = text::format("`mcpauth keys inspect {}` lists them", options.source)};
}

json::Object public_jwk(const jose::Jwk& jwk) {
  const auto kid = jwk.kid.empty() ? jose::thumbprint(jwk.key) : jwk.kid;
  return jose::to_jwk(jwk.key, kid, jwk.alg.value_or(crypto::default_algorithm(jwk.key.type())));
}

Result<std::string> public_text(const keys::Material& material, const std::string& format,
                                const Options& options) {
  if (format == "jwks") {
    json::Array list;
    for (const auto& jwk : material.keys) {
      if (!options.kid || jwk.kid == *options.kid) list.emplace_back(public_jwk(jwk));
    }
    if (list.empty()) TRY_VOID(one_key(material, options));
    return json::write_pretty(json::Object{{"keys", std::move(list)}}) + "\n";
  }
  TRY(const auto jwk, one_key(material, options));
  if (format == "pem") return jwk.key.to_pem();
  return json::write(public_jwk(jwk)) + "\n";
}

Result<void> check(const Options& options, const Env& env) {
  if (options.encrypt && (options.only_public || options.format.value_or("pem") != "pem")) {
    return usage("only a private PEM can be encrypted", "leave out --encrypt");
  }
  if (options.new_passphrase && !options.encrypt) {
    return usage("--new-passphrase without --encrypt", "add --encrypt");
  }
  if (env.globals.json && (options.encrypt || options.format == "pem")) {
    return usage("PEM is not JSON", "--format jwk, or leave out --json");
  }
  return {};
}

Result<Exit> convert(const Options& options, Env& env) {
  TRY_VOID(check(options, env));
  const std::string file = options.file.value_or("-");
  TRY(const auto material, open_key(options.source, options.passphrase, options.alg, env));
  const auto format = format_for(options, material.form, env.globals.json);
  if (!material.private_key || options.only_public || format == "jwks") {
    if (options.encrypt) return usage("there is no private key to encrypt", "leave out --encrypt");
    TRY(const auto text, public_text(material, format, options));
    TRY_VOID(write_public(text, file, options.force, env));
    return Exit::ok;
  }
  Secret passphrase;
  if (options.encrypt) {
    TRY(passphrase, new_passphrase(options.new_passphrase, env, "--new-passphrase"));
  }
  TRY(const auto text, private_text(*material.private_key,
                                    format == "jwk" ? KeyFormat::jwk : KeyFormat::pem, passphrase));
  TRY_VOID(write_private(text, file, options.force, env));
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("SRC", "A key: PEM, JWK or JWKS, private or public", options->source).completes =
      Completes::file;
  auto& format =
      spec.value("--format", "FORMAT", "Form to write; a JWKS is always public", options->format);
  format.choices = {"pem", "jwk", "jwks"};
  format.default_text = "jwk from PEM, PEM from JWK";
  spec.flag("--public", "Write the public part only", options->only_public);
  spec.value("--kid", "KID", "Which key of a set", options->kid).completes = Completes::kid;
  bind_algorithm(spec, "The algorithm to write, if several fit the key", options->alg);
  spec.value("--passphrase", "SRC", "Where the passphrase of the key comes from",
             options->passphrase);
  spec.flag("--encrypt", "Encrypt the PEM with a new passphrase", options->encrypt);
  spec.value("--new-passphrase", "SRC",
             "Where the new passphrase comes from; without it you are asked",
             options->new_passphrase);
  bind_key_output(spec, "The file to write; 0600 for a private key", options->file);
  spec.flag("--force", "Overwrite the file", options->force);
  return [options](Env& env) { return convert(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth keys convert keys.json --kid signing-1 --format pem -o signing-1.pem",
     "the public key for haproxy's jwt_verify"},
    {"mcpauth keys convert signing.pem --public", "the public JWK of a private key"},
    {"mcpauth keys convert signing.pem --format jwk -o signing.jwk", "the private key as a JWK"},
};

}  // namespace

extern const Command kKeysConvert;
constinit const Command kKeysConvert = {
    .path = "keys convert",
    .summary = "Turn keys from PEM to JWK or JWKS and back",
    .description =
        "Reads PEM, JWK or JWKS and writes another form of the same keys: JWK from PEM and PEM "
        "from JWK, unless --format says otherwise. A private key stays private unless --public is "
        "given. It is never printed on a terminal, and its file has mode 0600. A JWKS holds public "
        "keys only. An existing file is left alone.",
    .examples = kExamples,
    .exits = "0 2 3 5",
    .bind = bind,
};

}  // namespace mcpauth::cli
