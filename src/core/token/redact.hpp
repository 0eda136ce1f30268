#pragma once

#include <string>
#include <vector>

#include "core/codec/json.hpp"

namespace mcpauth::token {

/// Members that are safe to show to strangers, and the names of those whose values were taken out.
struct Redacted {
  json::Object members;
  std::vector<std::string> removed;
};

/// Keeps the values of protocol claims only (issuer, audience, times, scope, client and the like);
/// of everything else the name and the type stay. A claim that nobody has heard of is personal
/// until somebody says otherwise.
Redacted redact(const json::Object& claims);

/// The same for a header: the algorithms, types and markings stay, and a key id that holds no
/// address. The names of what was taken out begin with "header/".
Redacted redact_header(const json::Object& header);

}  // namespace mcpauth::token
