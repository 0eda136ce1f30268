#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/note.hpp"

namespace mcpauth::cli {

/// The keys that verify a log.
struct Verifiers {
  std::vector<audit::NoteVerifier> keys;
  bool beside_log = false;  ///< from FILE.vkey, which a person who changes the log can change too
};

/// The verifier keys of --key (each a vkey, or a file with one per line). Without --key, those in
/// FILE.vkey of the log, if it exists.
Result<Verifiers> verifiers_of(const std::vector<std::string>& given,
                               const std::filesystem::path& log);

}  // namespace mcpauth::cli
