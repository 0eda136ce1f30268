#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"

namespace mcpauth::audit {

/// An effect has two records with the same `id`. The intent is on disk before the effect happens,
/// the outcome before anybody sees the result. A refused request has only an outcome.
enum class Phase { intent, outcome };

std::string_view name(Phase phase);

/// What happened, as it is written to the log. Secrets cannot get in: no member is a Secret, and a
/// Secret does not convert to a string. Empty means absent (null).
struct Record {
  std::string id;          ///< the same in intent and outcome
  std::string request_id;  ///< of the command or HTTP request
  std::string event;       ///< "mint", ...
  Phase phase = Phase::outcome;
  std::string org_id = {};
  std::string sub = {};
  std::string idp = {};
  std::string client_id = {};
  std::string server = {};
  std::string tool = {};
  std::vector<std::string> scopes = {};
  std::string decision = {};       ///< "allow", "deny", or "error" when it was allowed but failed
  std::string_view reason = {};    ///< base/reason.hpp
  std::string policy = {};         ///< SHA-256 of the policy file, base64url
  std::string jti = {};            ///< intent: of the token received; outcome: of the token made
  std::optional<int> status = {};  ///< HTTP status, if there was one
  std::optional<std::chrono::microseconds> latency = {};
};

/// The record as one line without its newline, with the keys in the fixed order of
/// docs/formats/audit.md. Whatever the strings contain, it is one line of valid JSON without
/// control, bidi or invisible characters, and shorter than kMaxLine: a long text is cut and its
/// length added.
std::string to_line(const Record& record, std::uint64_t seq, Instant ts);

/// The same without its start, `{"seq":N`: the `seq` is known only when the line is written.
std::string to_line_end(const Record& record, Instant ts);
std::string line_start(std::uint64_t seq);

}  // namespace mcpauth::audit
