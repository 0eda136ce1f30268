#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"

namespace mcpauth::audit {

/// The members of a record, in the order in which every line has them (docs/formats/audit.md).
enum class Field {
  seq,
  ts,
  id,
  request_id,
  event,
  phase,
  org_id,
  sub,
  idp,
  client_id,
  server,
  tool,
  scopes,
  decision,
  reason,
  policy,
  jti,
  status,
  latency_us,
};

inline constexpr std::array<std::string_view, 19> kFieldNames = {
    "seq",    "ts",     "id",        "request_id", "event",     "phase",  "org_id",
    "sub",    "idp",    "client_id", "server",     "tool",      "scopes", "decision",
    "reason", "policy", "jti",       "status",     "latency_us"};

constexpr std::string_view name(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

/// The field of exactly this name, or nothing.
std::optional<Field> field_named(std::string_view name);

/// Every line is shorter than this. Long values are cut far below it (record.hpp).
inline constexpr std::size_t kMaxLine = std::size_t{1} << 18;

/// One line of a log, read as a record: where each value is in the line. Nothing is copied, so the
/// line must outlive the view. It is cheap enough to make one for every line of a large log.
class LineView {
 public:
  /// The line comes without its newline. Nothing unless it has exactly the members of a record, in
  /// their order and without white space; a redacted record has `redacted` after them. The contents
  /// of strings are not checked here (see is_sound).
  static std::optional<LineView> of(std::string_view line);

  std::string_view line() const { return line_; }
  /// The value as JSON: `"alice"`, `null`, `17`, `["a","b"]`.
  std::string_view raw(Field field) const { return raws_[static_cast<std::size_t>(field)]; }
  bool is_null(Field field) const { return raw(field) == "null"; }
  /// A string, decoded; the digits of a number; empty for null and lists. A string with a damaged
  /// escape is returned as it is written.
  std::string text(Field field) const;
  /// The elements of `scopes`, decoded.
  std::vector<std::string> scopes() const;
  std::uint64_t seq() const { return seq_; }
  /// `ts`, or nothing when it is not a time.
  std::optional<Instant> ts() const;
  /// The number of `status` or `latency_us`; nothing for null.
  std::optional<std::int64_t> number(Field field) const;
  bool is_intent() const { return raw(Field::phase) == R"("intent")"; }
  /// The value of `redacted`, a JSON object; empty for a record that was not redacted.
  std::string_view redacted() const { return redacted_; }

 private:
  std::string_view line_;
  std::array<std::string_view, kFieldNames.size()> raws_;
  std::string_view redacted_;
  std::uint64_t seq_ = 0;
};

/// The `seq` at the start of a line, or nothing. Much cheaper than a LineView.
std::optional<std::uint64_t> seq_of(std::string_view line);

}  // namespace mcpauth::audit
