#include "core/audit/log/announcement.hpp"

#include <algorithm>

#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

/// The text that is signed. It names its purpose and the log, so that the signature is valid for
/// nothing else.
std::string announcement_text(const Hash& line, std::string_view origin) {
  return text::format("mcpauth audit.redact\n{}\n{}\n", origin, base64url::encode(line));
}

}  // namespace

Result<std::string> announce(const Hash& line, std::string_view origin, const NoteSigner& signer) {
  TRY(const Bytes signature, signer.signature(announcement_text(line, origin)));
  return base64url::encode(line) + "." + base64url::encode(signature);
}

std::optional<Announcement> parse_announcement(std::string_view jti) {
  const std::size_t dot = jti.find('.');
  const auto hash = base64url::decode(jti.substr(0, dot));
  if (dot == std::string_view::npos || !hash) return std::nullopt;
  auto signature = base64url::decode(jti.substr(dot + 1));
  Announcement announcement;
  if (!signature || hash->size() != announcement.line.size()) return std::nullopt;
  std::ranges::copy(*hash, announcement.line.begin());
  announcement.signature = *std::move(signature);
  return announcement;
}

Trust judge(const Announcement& announcement, std::string_view origin,
            std::span<const NoteVerifier> verifiers) {
  return judge(announcement_text(announcement.line, origin), announcement.signature, verifiers);
}

}  // namespace mcpauth::audit
