#include "cli/keys/key_output.hpp"

#include <ostream>

#include "cli/frame/output_file.hpp"
#include "cli/frame/sources.hpp"
#include "cli/frame/terminal.hpp"
#include "cli/frame/usage.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::cli {

Result<Secret> new_passphrase(const std::optional<std::string>& source, Env& env,
                              std::string_view flag) {
  if (source) return read_source(*source, env, "the passphrase");
  auto typed = ask_new("new passphrase", env);
  if (typed) return typed;
  auto error = std::move(typed).error();
  if (error.code == Errc::needs_person) error.hint = text::format("{} SRC", flag);
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
