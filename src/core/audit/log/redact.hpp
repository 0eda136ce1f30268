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

/// The record without the values of `fields`, and with the leaf that it had. A record that was
/// redacted before keeps its first leaf. Nothing where the fields have no values any more, and for
/// a record of a redaction: its hashes are what vouches for others.
std::optional<std::string> redacted_line(const LineView& record, std::span<const Field> fields);

struct Redaction {
  std::filesystem::path log;
  std::vector<Field> fields;
  std::function<bool(const LineView&)> selects;  ///< which records; only sealed ones are looked at
  std::string request_id;
  std::string sub;  ///< who does it
  /// Besides the writer's own: keys of before, where older redactions were announced with them.
  std::vector<NoteVerifier> verifiers = {};
};

struct RedactReport {
  std::uint64_t records = 0;
  std::vector<std::filesystem::path> rewritten;
};

/// Counts what a redaction would change.
Result<std::uint64_t> count_selected(const Redaction& redaction);

/// Redacts records for good. The log must verify: what somebody else changed must not become what
/// the log's key vouches for (Errc::denied). First a record for each of them is appended, with the
/// hash of the line that it becomes, and signed; then the files are replaced, each whole or not at
/// all. Interrupted, it can be run again. What the disk keeps of replaced files is beyond it.
Result<RedactReport> redact(Writer& writer, const Redaction& redaction, Instant now);

}  // namespace mcpauth::audit
