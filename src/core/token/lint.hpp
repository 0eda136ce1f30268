#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/jose/jws.hpp"

namespace mcpauth::token {

/// A problem with a token by RFC 8725, RFC 9068 or the rules of MCP. That it has expired is not a
/// finding: every token does.
struct Finding {
  std::string_view rule;  ///< stable kebab name
  bool error = false;     ///< an attacker can use it; else it weakens the token or will break it
  std::string message;    ///< quotes the token as it came, not escaped
};

/// All findings: first of the header, then of the claims. Does not verify the token.
std::vector<Finding> lint(const jose::Jws& token, Instant now);

}  // namespace mcpauth::token
