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

/// The field of this name, or nothing.
std::optional<Field> field_named(std::string_view name);

/// A line is shorter than this; names are cut long before (record.hpp).
inline constexpr std::size_t kMaxLine = std::size_t{1} << 18;

/// One line of a log, seen as a record: where each value stands in it. Nothing is copied, so the
/// line must outlive the view. Cheap enough to be made for every line of a gigabyte.
class LineView {
 public:
  /// Nothing when the line (without its newline) does not have exactly the members of a record, in
  /// their order and without white space; a redacted one has `redacted` behind them. Strings are
  /// found, not judged: whether they are sound is what the tree says of the whole line.
  static std::optional<LineView> of(std::string_view line);

  std::string_view line() const { return line_; }
  /// The value as JSON: `"alice"`, `null`, `17`, `["a","b"]`.
  std::string_view raw(Field field) const { return raws_[static_cast<std::size_t>(field)]; }
  bool is_null(Field field) const { return raw(field) == "null"; }
  /// The string that it holds, decoded; the digits of a number; empty for null and lists. What is
  /// damaged inside its quotes comes as it stands.
  std::string text(Field field) const;
  /// The strings of `scopes`, decoded.
  std::vector<std::string> scopes() const;
  std::uint64_t seq() const { return seq_; }
  /// `ts`, or nothing where it is no time.
  std::optional<Instant> ts() const;
  /// The number of `status` or `latency_us`; nothing for null.
  std::optional<std::int64_t> number(Field field) const;
  bool is_intent() const { return raw(Field::phase) == R"("intent")"; }
  /// The JSON object behind the members of a redacted record; empty for all others.
  std::string_view redacted() const { return redacted_; }

 private:
  std::string_view line_;
  std::array<std::string_view, kFieldNames.size()> raws_;
  std::string_view redacted_;
  std::uint64_t seq_ = 0;
};

/// The `seq` at the start of a line, by far cheaper than the whole view; nothing where there is
/// none.
std::optional<std::uint64_t> seq_of(std::string_view line);

}  // namespace mcpauth::audit
