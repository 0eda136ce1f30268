#include "cli/frame/key_input.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "cli/frame/output.hpp"
#include "cli/frame/output_file.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/sources.hpp"
#include "core/codec/number.hpp"
#include "core/codec/time.hpp"
#include "core/keys/generate.hpp"
#include "core/keys/plan.hpp"

namespace mcpauth::cli {
namespace {

Error usage(std::string message, std::string hint) {
  return {.code = Errc::usage, .message = std::move(message), .hint = std::move(hint)};
}

/// "300", as HTTP says it, or "5m".
Result<std::chrono::seconds> parse_max_age(std::string_view text) {
  if (const auto seconds = parse_number<unsigned>(text)) return std::chrono::seconds(*seconds);
  return time::parse_duration(text);
}

bool is_path(std::string_view reference) {
  static constexpr std::array<std::string_view, 6> kSchemes = {
      "env:", "fd:", "jwks:", "exec:", "vault:", "pkcs11:"};
  return reference != "-" && std::ranges::none_of(kSchemes, [&](std::string_view scheme) {
           return reference.starts_with(scheme);
         });
}

Error exposed(std::string_view reference) {
  return {.code = Errc::io,
          .message = "`" + std::string(reference) + "` holds a private key and others can read it",
          .hint = "chmod 600 " + std::string(reference)};
}

}  // namespace

keys::Rotation RingOptions::rotation() const {
  return {.publish = 2 * cache_max_age, .period = period};
}

void bind_ring(Spec& spec, RingOptions& options) {
  spec.value("--keys", "DIR", "The key ring, in place of the configured one", options.directory)
      .completes = Completes::directory;
}

void bind_rotation(Spec& spec, RingOptions& options) {
  spec.custom("--cache-max-age", "TIME",
              "How long verifiers cache the key set; a key is published twice as long first",
              [&options](std::string_view text) -> Result<void> {
                TRY(options.cache_max_age, parse_max_age(text));
                return {};
              })
      .default_text = "5m";
  spec.custom("--period", "TIME", "How long a key signs",
              [&options](std::string_view text) -> Result<void> {
                TRY(options.period, time::parse_duration(text));
                return {};
              })
      .default_text = "30d";
}

Result<std::filesystem::path> ring_directory(const RingOptions& options, const Env& env) {
  if (options.directory) return std::filesystem::path(*options.directory);
  TRY(const auto config, load_settings(env));
  if (config.issuer && !config.issuer->keys.empty()) {
    detail(env, "ring", "`" + config.issuer->keys.string() + "`, by [issuer] keys");
    return config.issuer->keys;
  }
  return usage("no key ring is named", "--keys DIR, or `keys` under [issuer] in mcpauth.toml");
}

void warn_of_ring(const keys::Ring& ring, Env& env) {
  for (const keys::Entry& entry : ring.entries()) {
    if (entry.state == keys::State::retired || ring.has_private(entry)) continue;
    warn(env, "warning: the private file of the " + std::string(keys::name(entry.state)) +
                  " key `" + entry.kid + "` is gone: put it back, or `" +
                  keys::retire_command(entry.kid) + "`");
  }
  for (const keys::Entry* entry : keys::ahead_of_clock(ring.entries(), env.now())) {
    warn(env,
         "warning: the key `" + entry->kid +
             "` has a time that is ahead of the clock, which says " +
             time::format_instant(env.now()) +
             ": nothing of it is due before then; set the clock, or where it was wrong then, `" +
             keys::retire_command(entry->kid) + "`");
  }
}

void bind_algorithm(Spec& spec, std::string help, std::optional<crypto::Algorithm>& target) {
  spec.custom("--alg", "ALG", std::move(help),
              [&target](std::string_view text) -> Result<void> {
                TRY(target, keys::signing_algorithm(text));
                return {};
              })
      .completes = Completes::algorithm;
}

Result<KeySource> read_key(std::string_view reference, Env& env) {
  keys::KeyFile file;
  if (is_path(reference) && !looks_like_secret(reference)) {
    const auto path = reference.starts_with("file:") ? reference.substr(5) : reference;
    TRY(file, keys::read_key_file(path));
  } else {
    TRY(file.content, read_source(reference, env, "the key"));
  }
  auto form = keys::form_of(file.content.reveal_text());
  if (!form) return std::move(form).error().context("`" + std::string(reference) + "`");
  return KeySource{std::move(file), *form};
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
    auto typed = ask("passphrase of " + std::string(reference), env);
    if (!typed) {
      auto error = std::move(typed).error();
      error.hint = "--passphrase SRC";
      return error;
    }
    phrase = *std::move(typed);
  }
  auto material = keys::read_material(source.file.content, phrase, alg);
  if (!material) return std::move(material).error().context("`" + std::string(reference) + "`");
  return material;
}

Result<Secret> new_passphrase(const std::optional<std::string>& source, Env& env,
                              std::string_view flag) {
  if (source) return read_source(*source, env, "the passphrase");
  auto typed = ask_new("new passphrase", env);
  if (typed) return typed;
  auto error = std::move(typed).error();
  if (error.code == Errc::needs_person) error.hint = std::string(flag) + " SRC";
  return error;
}

Result<Secret> private_text(const jose::SigningKey& key, KeyFormat format,
                            const Secret& passphrase) {
  if (format == KeyFormat::jwk) return jose::to_private_jwk(key);
  return key.key.to_pem(passphrase);
}

void bind_key_output(Spec& spec, std::string help, std::optional<std::string>& file) {
  spec.custom("-o,--output", "FILE", std::move(help),
              [&file](std::string_view text) -> Result<void> {
                file = output_name(text);
                return {};
              })
      .completes = Completes::file;
}

Result<void> write_private(const Secret& text, const std::string& file, bool force, Env& env) {
  if (file == "-") {
    if (env.out_is_terminal) {
      return usage("a private key is not printed on a terminal", "-o FILE");
    }
    env.out << text.reveal_text();
    return {};
  }
  return write_output(
      text.reveal_text(), file,
      {.overwrite = force ? Overwrite::yes : Overwrite::no, .mode = 0600, .terminal = false});
}

Result<void> write_public(std::string_view text, const std::string& file, bool force, Env& env) {
  if (file == "-") {
    env.out << text;
    return {};
  }
  return write_output(text, file,
                      {.overwrite = force ? Overwrite::yes : Overwrite::no, .mode = 0644});
}

}  // namespace mcpauth::cli
