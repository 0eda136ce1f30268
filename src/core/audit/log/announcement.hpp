#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/audit/log/merkle.hpp"
#include "core/audit/log/note.hpp"

namespace mcpauth::audit {

/// The `jti` of an `audit.redact` record: the hash of the line that a record became, signed with a
/// key of the log. That a checkpoint covers the record is not enough: the next writer signs
/// whatever well-formed lines were appended to a log that was not closed.
struct Announcement {
  Hash line = {};  ///< the leaf hash of the redacted line
  Bytes signature;
};

inline constexpr std::string_view kRedactEvent = "audit.redact";

/// HASH "." SIGNATURE, both base64url.
Result<std::string> announce(const Hash& line, std::string_view origin, const NoteSigner& signer);
std::optional<Announcement> parse_announcement(std::string_view jti);
Trust judge(const Announcement& announcement, std::string_view origin,
            std::span<const NoteVerifier> verifiers);

}  // namespace mcpauth::audit
