#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/audit/log/line.hpp"
#include "core/audit/log/record_form.hpp"
#include "core/audit/log/writer.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The line of the record without the values of `fields`, and with the leaf that it had. A record
/// that was redacted before keeps its first leaf. Nothing if none of the fields has a value, and
/// for `audit.redact` records, whose hashes vouch for other records.
std::optional<std::string> redacted_line(const LineView& record, std::span<const Field> fields);

struct Redaction {
  std::filesystem::path log;
  std::vector<Field> fields;
  std::function<bool(const LineView&)> selects;  ///< which records
  std::string request_id;
  std::string sub;  ///< who redacts
  /// Former keys of the log, if older redactions were announced with them.
  std::vector<NoteVerifier> verifiers = {};
};

struct RedactReport {
  std::uint64_t records = 0;
  std::vector<std::filesystem::path> rewritten;
};

/// How many records a redaction would change.
Result<std::uint64_t> count_selected(const Redaction& redaction);

/// Redacts records permanently. The log must verify (else Errc::denied), so that its key never
/// vouches for a change by somebody else. First, an `audit.redact` record with the hash of the new
/// line is appended for each record, and signed. Then each file is replaced atomically. If it is
/// interrupted, it can be run again. It cannot erase what the disk keeps of the replaced files.
Result<RedactReport> redact(Writer& writer, const Redaction& redaction, Instant now);

}  // namespace mcpauth::audit
