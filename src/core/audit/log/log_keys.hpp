#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/audit/log/note.hpp"
#include "core/base/result.hpp"
#include "core/crypto/key.hpp"

namespace mcpauth::audit {

/// FILE.key (0600), the key of a log for which none is configured. It is generated if it does not
/// exist. It reveals changes by others; anybody who can read it can sign as well.
Result<crypto::PrivateKey> own_key(const std::filesystem::path& log);

/// Signers with the log's name: `origin`, else the name in its checkpoint, else, for a new log, a
/// name made from the first key. Errc::config if the log already has another name.
Result<std::vector<NoteSigner>> log_signers(const std::filesystem::path& log,
                                            std::vector<crypto::PrivateKey> keys,
                                            const std::string& origin);

/// The verifier keys in a text, one per line. Errc::input.
Result<std::vector<NoteVerifier>> verifiers_from(std::string_view text);

}  // namespace mcpauth::audit
