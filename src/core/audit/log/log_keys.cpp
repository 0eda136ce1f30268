#include "core/audit/log/log_keys.hpp"

#include <algorithm>
#include <optional>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/writer_lock.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxKey = 16384;

/// The name in the log's checkpoint. Its signature is not verified here: `recover` does that.
std::optional<std::string> name_of(const fs::path& log) {
  auto found = read_signed_checkpoint(beside(log, "checkpoint"));
  if (!found) return std::nullopt;
  return std::move(found->checkpoint.origin);
}

std::string name_from(const crypto::PublicKey& key) {
  const auto digest = crypto::sha256(key.parts().x);
  std::string name = "mcpauth/";
  for (std::size_t i = 0; i < 6; ++i)
    name += text::format("{:02x}", digest[i]);
  return name;
}

}  // namespace

Result<crypto::PrivateKey> own_key(const fs::path& log) {
  const auto path = beside(log, "key");
  std::error_code ignored;
  const auto kind = fs::symlink_status(path, ignored).type();
  if (kind == fs::file_type::none) return unavailable(log, ignored.message());
  if (kind != fs::file_type::regular && kind != fs::file_type::not_found) {
    return unavailable(log, text::format("`{}` is not a regular file", path.string()));
  }
  auto pem = read_secret_file(path, kMaxKey);
  if (pem) {
    auto key = crypto::PrivateKey::from_pem(*pem);
    if (!key) return unavailable(log, text::format("`{}`: {}", path.string(), key.error().message));
    return key;
  }
  if (pem.error().code != Errc::not_found) return unavailable(log, pem.error().message);
  if (fs::is_directory(log, ignored)) return unavailable(log, "it is a directory");
  // A new key could not continue a log that the old key signed.
  if (fs::exists(beside(log, "checkpoint"), ignored)) {
    return unavailable(log, text::format("its key `{}` is missing", path.string()),
                       "put it back, or set [audit] key to where it is now");
  }
  TRY(auto key, crypto::PrivateKey::generate(crypto::KeyType::ed25519));
  TRY(const Secret made, key.to_pem());
  const auto written = write_file(path, made.reveal(), Overwrite::no, 0600);
  if (written) return key;
  // Another process was faster: its key is the log's key.
  if (written.error().code == Errc::exists) {
    TRY(const Secret theirs, read_secret_file(path, kMaxKey));
    return crypto::PrivateKey::from_pem(theirs);
  }
  const auto folder = log.has_parent_path() ? log.parent_path() : fs::path(".");
  return unavailable(log, written.error().message,
                     fs::exists(folder, ignored) ? std::string() : "mkdir -p " + folder.string());
}

Result<std::vector<NoteSigner>> log_signers(const fs::path& log,
                                            std::vector<crypto::PrivateKey> keys,
                                            const std::string& origin) {
  const auto there = name_of(log);
  if (there && !origin.empty() && *there != origin) {
    return Error{
        .code = Errc::config,
        .message = text::format("the audit log `{}` is named `{}`, but [audit] origin is `{}`",
                                log.string(), *there, origin),
        .hint = "keep the old name, or start a new log with the new one"};
  }
  std::string name = origin;
  if (name.empty()) name = there.value_or(name_from(keys.front().public_key()));
  std::vector<NoteSigner> signers;
  for (auto& key : keys) {
    TRY(auto signer, NoteSigner::make(name, std::move(key)));
    signers.push_back(std::move(signer));
  }
  return signers;
}

Result<std::vector<NoteVerifier>> verifiers_from(std::string_view text) {
  std::vector<NoteVerifier> verifiers;
  for (const auto line : text::split(text, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    TRY(auto verifier, NoteVerifier::parse(line));
    if (std::ranges::find(verifiers, verifier.vkey(), &NoteVerifier::vkey) != verifiers.end()) {
      continue;
    }
    verifiers.push_back(std::move(verifier));
  }
  if (verifiers.empty()) {
    return Error{.code = Errc::input, .message = "there is no verifier key in it"};
  }
  return verifiers;
}

}  // namespace mcpauth::audit
