#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/note.hpp"
#include "core/audit/log/verify.hpp"

namespace mcpauth::cli {

/// The largest checkpoints that this user's `audit verify` found good, kept in
/// $XDG_STATE_HOME/mcpauth/audit. They reveal a log that was put back to an older copy together
/// with its checkpoint. They are stored by verifier key, so nothing is forgotten while old and new
/// keys are both in use. Empty if the user has no home directory. If a stored checkpoint cannot be
/// read, this is an error, so that it is not silently ignored.
Result<std::vector<audit::KeptCheckpoint>> remembered(std::span<const audit::NoteVerifier> keys,
                                                      const Env& env);

/// Stores a good checkpoint for each of the keys. A failure is only a warning.
void remember(const audit::Checkpoint& checkpoint, std::span<const audit::NoteVerifier> keys,
              Env& env);

/// Reads a checkpoint that was kept in a file. One of the keys must have signed it.
Result<audit::KeptCheckpoint> read_kept(const std::string& file,
                                        std::span<const audit::NoteVerifier> keys);

}  // namespace mcpauth::cli
