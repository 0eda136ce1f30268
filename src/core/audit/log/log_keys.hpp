#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/audit/log/note.hpp"
#include "core/base/result.hpp"
#include "core/crypto/key.hpp"

namespace mcpauth::audit {

/// The key of a log for which none is configured: FILE.key (0600), made where it is not there. It
/// shows whether somebody else changed the log; who can read it can sign as well.
Result<crypto::PrivateKey> own_key(const std::filesystem::path& log);

/// Signers under the log's name: `origin`, else the name that its checkpoint has, else for a new
/// log one made from the first key. A log that has another name already is Errc::config.
Result<std::vector<NoteSigner>> log_signers(const std::filesystem::path& log,
                                            std::vector<crypto::PrivateKey> keys,
                                            const std::string& origin);

/// Verifier keys as they are given: each is a vkey or a file with one a line. Errc::input.
Result<std::vector<NoteVerifier>> verifiers_from(std::string_view text);

}  // namespace mcpauth::audit
