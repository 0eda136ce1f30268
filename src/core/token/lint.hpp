#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/jose/jws.hpp"

namespace mcpauth::token {

/// Something about a token that should not be so (RFC 8725, RFC 9068, and what MCP adds). Whether
/// it has expired is not one: that passes by itself.
struct Finding {
  std::string_view rule;  ///< stable kebab name
  bool error = false;     ///< a hole; else something that weakens or will break
  std::string message;    ///< text from the token stands in it as it came
};

/// All findings, header first, then the claims. The token is not verified for this.
std::vector<Finding> lint(const jose::Jws& token, Instant now);

}  // namespace mcpauth::token
