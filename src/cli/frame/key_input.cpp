#include "cli/frame/key_input.hpp"

#include <algorithm>
#include <array>

#include "cli/frame/secret_words.hpp"
#include "cli/frame/sources.hpp"
#include "cli/frame/terminal.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/keys/generate.hpp"

namespace mcpauth::cli {
namespace {

bool is_path(std::string_view reference) {
  static constexpr std::array<std::string_view, 6> kSchemes = {
      "env:", "fd:", "jwks:", "exec:", "vault:", "pkcs11:"};
  return reference != "-" && std::ranges::none_of(kSchemes, [&](std::string_view scheme) {
           return reference.starts_with(scheme);
         });
}

Error exposed(std::string_view reference) {
  return {.code = Errc::io,
          .message = text::format("`{}` holds a private key and others can read it", reference),
          .hint = text::format("chmod 600 {}", reference)};
}

}  // namespace

void bind_algorithm(Spec& spec, std::string help, std::optional<crypto::Algorithm>& target) {
  spec.custom("--alg", "ALG", std::move(help),
              [&target](std::string_view text) -> Result<void> {
                TRY(target, keys::signing_algorithm(text));
                return {};
              })
      .completes = Completes::algorithm;
}

Result<KeyInput> read_key(std::string_view reference, Env& env) {
  keys::KeyFile file;
  if (is_path(reference) && !looks_like_secret(reference)) {
    const auto path = reference.starts_with("file:") ? reference.substr(5) : reference;
    TRY(file, keys::read_key_file(path));
  } else {
    TRY(file.content, read_source(reference, env, "the key"));
  }
  auto form = keys::form_of(file.content.reveal_text());
  if (!form) return std::move(form).error().context(text::quoted(reference));
  return KeyInput{std::move(file), *form};
}

Result<keys::Material> open_key(std::string_view reference,
                                const std::optional<std::string>& passphrase,
                                std::optional<crypto::Algorithm> alg, Env& env) {
  TRY(const auto source, read_key(reference, env));
  const bool is_private = source.form == keys::Form::private_pem ||
                          source.form == keys::Form::private_jwk ||
                          source.form == keys::Form::encrypted_pem;
  if (is_private && source.file.exposed) return exposed(reference);
  Secret phrase;
  if (passphrase) {
    TRY(phrase, read_source(*passphrase, env, "the passphrase"));
  } else if (source.form == keys::Form::encrypted_pem) {
    auto typed = ask(text::format("passphrase of {}", reference), env);
    if (!typed) {
      auto error = std::move(typed).error();
      error.hint = "--passphrase SRC";
      return error;
    }
    phrase = *std::move(typed);
  }
  auto material = keys::read_material(source.file.content, phrase, alg);
  if (!material) return std::move(material).error().context(text::quoted(reference));
  return material;
}

}  // namespace mcpauth::cli
