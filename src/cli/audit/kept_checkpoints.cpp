#include "cli/audit/kept_checkpoints.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cli/frame/output.hpp"
#include "core/audit/log/segments.hpp"
#include "core/base/file.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> folder_of(const Env& env) {
  const auto state = env.variable("XDG_STATE_HOME").value_or("");
  // A relative path must be ignored (XDG Base Directory Specification).
  if (state.starts_with('/')) return fs::path(state) / "mcpauth" / "audit";
  const auto home = env.variable("HOME").value_or("");
  if (home.empty()) return std::nullopt;
  return fs::path(home) / ".local" / "state" / "mcpauth" / "audit";
}

fs::path file_of(const fs::path& folder, const audit::NoteVerifier& key) {
  const auto digest = crypto::sha256(bytes_of(key.vkey()));
  return folder / text::format("{}.seen", base64url::encode(BytesView(digest).first(12)));
}

/// Only this user can write the file, so it is not signed. Nothing if it does not exist.
Result<std::optional<audit::Checkpoint>> read(const fs::path& file) {
  auto text = audit::read_beside(file);
  if (!text && text.error().code == Errc::not_found) return std::optional<audit::Checkpoint>();
  auto checkpoint = text ? audit::parse_checkpoint(*text) : Result<audit::Checkpoint>(text.error());
  if (checkpoint) return std::optional(*std::move(checkpoint));
  return Error{
      .code = Errc::io,
      .message = text::format("cannot read the remembered checkpoint of this log: `{}`: {}",
                              file.string(), checkpoint.error().message),
      .hint = "use --no-remember to ignore it, or remove the file to forget it"};
}

}  // namespace

Result<std::vector<audit::KeptCheckpoint>> remembered(std::span<const audit::NoteVerifier> keys,
                                                      const Env& env) {
  std::vector<audit::KeptCheckpoint> list;
  const auto folder = folder_of(env);
  if (!folder) return list;
  for (const auto& key : keys) {
    const auto file = file_of(*folder, key);
    TRY(auto checkpoint, read(file));
    if (checkpoint) list.push_back({.name = file.string(), .checkpoint = *std::move(checkpoint)});
  }
  return list;
}

void remember(const audit::Checkpoint& checkpoint, std::span<const audit::NoteVerifier> keys,
              Env& env) {
  const auto folder = folder_of(env);
  if (!folder) return;
  for (const auto& key : keys) {
    const auto file = file_of(*folder, key);
    const auto before = read(file);
    if (before && *before && (*before)->size >= checkpoint.size) continue;
    std::error_code error;
    fs::create_directories(*folder, error);
    const auto written =
        write_file(file, bytes_of(audit::to_text(checkpoint)), Overwrite::yes, 0600);
    if (written) continue;
    warn(env, text::format("this checkpoint could not be remembered, so a later rollback may go "
                           "unnoticed: {}",
                           for_reader(written.error().message)));
    return;
  }
}

Result<audit::KeptCheckpoint> read_kept(const std::string& file,
                                        std::span<const audit::NoteVerifier> keys) {
  const auto refused = [&file](const Error& error) {
    return Error{.code = error.code == Errc::input ? Errc::usage : error.code,
                 .message = text::format("`{}`: {}", file, error.message),
                 .hint = "give a file that `mcpauth audit checkpoint` wrote"};
  };
  TRY(auto text, read_file(file, 65536));
  auto found = audit::parse_signed_checkpoint(std::move(text));
  if (!found) return refused(found.error());
  const auto trust = audit::judge(found->note, keys);
  if (trust == audit::Trust::good) {
    return audit::KeptCheckpoint{.name = file, .checkpoint = std::move(found->checkpoint)};
  }
  if (trust == audit::Trust::forged) {
    return Error{.code = Errc::unverifiable,
                 .message = text::format("the signature of `{}` is wrong", file),
                 .hint = "get the checkpoint again from where it was kept"};
  }
  return Error{.code = Errc::unverifiable,
               .message = text::format("`{}` is not signed by any of the given keys", file),
               .hint = "add the key that was in use then: --key VKEY can be repeated"};
}

}  // namespace mcpauth::cli
