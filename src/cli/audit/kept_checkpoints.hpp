#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/note.hpp"
#include "core/audit/log/verify.hpp"

namespace mcpauth::cli {

/// The largest checkpoint that this user's `audit verify` saw of each log, kept in
/// $XDG_STATE_HOME/mcpauth/audit: a log that is put back to an older copy, checkpoint and all, is
/// found out without a witness. Looked up by verifier key, so a change of keys with both in use
/// forgets nothing. Nothing where there is no home; an error where what is kept cannot be read: to
/// go on would be to forget it.
Result<std::vector<audit::Seen>> last_seen(std::span<const audit::NoteVerifier> keys,
                                           const Env& env);

/// Remembers a checkpoint that was found good, for each of the keys. A failure is a warning.
void remember(const audit::Checkpoint& checkpoint, std::span<const audit::NoteVerifier> keys,
              Env& env);

/// A checkpoint that somebody kept, from its file. Its signature must be of one of the keys.
Result<audit::Seen> read_seen(const std::string& file, std::span<const audit::NoteVerifier> keys);

}  // namespace mcpauth::cli
