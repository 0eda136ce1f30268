#pragma once

#include <string>
#include <vector>

#include "core/codec/json.hpp"

namespace mcpauth::token {

/// Members that are safe to show to strangers, and the names of those whose values were removed.
struct Redacted {
  json::Object members;
  std::vector<std::string> removed;
};

/// Keeps only the values of protocol claims (issuer, audience, times, scope, client and the like).
/// Of every other claim it keeps the name and the type, because an unknown claim may be personal.
Redacted redact(const json::Object& claims);

/// The same for a header: keeps algorithms, types and flags, and a key id unless it contains an
/// email address. The names of removed members begin with "header/".
Redacted redact_header(const json::Object& header);

}  // namespace mcpauth::token
