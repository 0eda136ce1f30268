#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/key_input.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/sources.hpp"
#include "core/codec/text.hpp"
#include "core/keys/material.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string source;
  std::optional<std::string> passphrase;
};

/// What was found. Of an encrypted key without its passphrase only the form is known.
struct Found {
  keys::Form form;
  keys::Material material = {};
  std::vector<std::string> warnings = {};
};

bool is_private(keys::Form form) {
  return form == keys::Form::private_pem || form == keys::Form::encrypted_pem ||
         form == keys::Form::private_jwk;
}

Result<Found> look(const Options& options, Env& env) {
  TRY(const auto source, read_key(options.source, env));
  Found found{.form = source.form};
  if (source.form == keys::Form::encrypted_pem && !options.passphrase) {
    found.warnings.emplace_back("encrypted; give --passphrase SRC to look inside");
    return found;
  }
  Secret passphrase;
  if (options.passphrase) {
    TRY(passphrase, read_source(*options.passphrase, env, "the passphrase"));
  }
  auto material = keys::read_material(source.file.content, passphrase);
  if (!material) return std::move(material).error().context(text::quoted(options.source));
  found.material = *std::move(material);
  found.warnings = keys::warnings(found.material, source.file.exposed);
  return found;
}

json::Value as_json(const jose::Jwk& jwk) {
  json::Object object{{"type", crypto::name(jwk.key.type())}, {"bits", jwk.key.bits()}};
  if (jwk.alg) object.set("alg", crypto::name(*jwk.alg));
  if (!jwk.kid.empty()) object.set("kid", jwk.kid);
  object.set("thumbprint", jose::thumbprint(jwk.key));
  return object;
}

json::Value as_json(const Found& found) {
  json::Array keys;
  for (const auto& jwk : found.material.keys)
    keys.push_back(as_json(jwk));
  json::Array skipped;
  for (const auto& key : found.material.skipped) {
    skipped.emplace_back(json::Object{{"index", static_cast<std::uint64_t>(key.index)},
                                      {"kid", key.kid},
                                      {"reason", key.reason},
                                      {"message", text::shortened(key.message)}});
  }
  return json::Object{{"schema", "mcpauth.keys.inspect/1"},
                      {"form", keys::name(found.form)},
                      {"private", is_private(found.form)},
                      {"encrypted", found.form == keys::Form::encrypted_pem},
                      {"keys", std::move(keys)},
                      {"skipped", std::move(skipped)},
                      {"warnings", json::Array(found.warnings.begin(), found.warnings.end())}};
}

void print_text(const Found& found, Env& env) {
  env.out << "form        " << keys::name(found.form) << '\n';
  for (const auto& jwk : found.material.keys) {
    const auto thumbprint = jose::thumbprint(jwk.key);
    env.out << "type        " << crypto::name(jwk.key.type()) << ", " << jwk.key.bits()
            << " bits\n";
    if (jwk.alg) env.out << "alg         " << crypto::name(*jwk.alg) << '\n';
    if (!jwk.kid.empty()) env.out << "kid         " << text::printable(jwk.kid) << '\n';
    if (jwk.kid != thumbprint) env.out << "thumbprint  " << thumbprint << '\n';
  }
  for (const auto& key : found.material.skipped) {
    env.out << "skipped     key " << key.index + 1 << ": " << for_reader(key.message) << '\n';
  }
  for (const auto& warning : found.warnings) {
    env.out << "warning     " << text::printable(warning) << '\n';
  }
}

Result<Exit> inspect(const Options& options, Env& env) {
  TRY(const auto found, look(options, env));
  if (env.globals.json) {
    print_json(env, as_json(found));
  } else {
    print_text(found, env);
  }
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("SRC", "A key: PEM, JWK or JWKS, private or public", options->source).completes =
      Completes::file;
  spec.value("--passphrase", "SRC", "Where the passphrase of an encrypted key comes from",
             options->passphrase);
  return [options](Env& env) { return inspect(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth keys inspect signing.pem", "show the type of a key, and its kid"},
    {"curl -s https://idp.example.com/jwks | mcpauth keys inspect -", "show every key of a set"},
};

}  // namespace

extern const Command kKeysInspect;
constinit const Command kKeysInspect = {
    .path = "keys inspect",
    .summary = "Show what is in a key file",
    .description =
        "Reads PEM, JWK or JWKS and shows the type, size, algorithm, kid and thumbprint of each "
        "key, whether it is private, and what is wrong with it. Prints nothing secret.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
