#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/note.hpp"

namespace mcpauth::cli {

/// What verifies a log, and where it came from.
struct Verifiers {
  std::vector<audit::NoteVerifier> keys;
  bool beside_log = false;  ///< from FILE.vkey: whoever changed the log could have changed it too
};

/// The verifier keys of --key (each a vkey or a file with one a line); without any those beside the
/// log, and none where there are none.
Result<Verifiers> verifiers_of(const std::vector<std::string>& given,
                               const std::filesystem::path& log);

}  // namespace mcpauth::cli
