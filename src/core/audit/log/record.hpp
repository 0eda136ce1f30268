#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"

namespace mcpauth::audit {

/// The two records of one effect share their `id`: the intent is on disk before the effect, the
/// outcome before anybody sees its result. What was refused has an outcome only.
enum class Phase { intent, outcome };

std::string_view name(Phase phase);

/// What happened, in the words of the log. There is no place for a Secret in it, and a Secret does
/// not turn into a string: whatever is logged was a name to begin with. Empty means absent (null).
struct Record {
  std::string id;          ///< the same in intent and outcome
  std::string request_id;  ///< of the command or HTTP request that this belongs to
  std::string event;       ///< "mint", ...
  Phase phase = Phase::outcome;
  std::string org_id = {};
  std::string sub = {};
  std::string idp = {};
  std::string client_id = {};
  std::string server = {};
  std::string tool = {};
  std::vector<std::string> scopes = {};
  std::string decision = {};       ///< "allow", "deny", or "error" where it could not be done
  std::string_view reason = {};    ///< base/reason.hpp
  std::string policy = {};         ///< SHA-256 of the policy file, base64url
  std::string jti = {};            ///< intent: of the token that came in; outcome: of the one made
  std::optional<int> status = {};  ///< HTTP status, where there was one
  std::optional<std::chrono::microseconds> latency = {};
};

/// The record as one line without its newline, keys in the fixed order of docs/formats/audit.md.
/// Whatever the strings hold, it stays one line of valid JSON, shows nothing that is not there (no
/// control, bidi or invisible characters) and is shorter than kMaxLine: long texts are cut and say
/// how long they were.
std::string to_line(const Record& record, std::uint64_t seq, Instant ts);

/// The same without its start, `{"seq":N`, which is known only when the line is written.
std::string to_line_end(const Record& record, Instant ts);
std::string line_start(std::uint64_t seq);

}  // namespace mcpauth::audit
