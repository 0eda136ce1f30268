#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/codec/json.hpp"
#include "core/token/find.hpp"
#include "core/token/lint.hpp"

namespace mcpauth::cli {

/// A token as far as it can be read without a key.
struct Decoded {
  token::Found found;
  bool encrypted = false;  ///< a JWE: only the header can be read
  json::Value header = {};
  json::Value claims = {};  ///< null where the payload is not a JSON object
  std::size_t payload_bytes = 0;
  std::size_t signature_bytes = 0;
  std::vector<std::string> redacted = {};  ///< the names of the members whose values were removed
  std::vector<token::Finding> findings = {};
  bool linted = false;
};

/// Prints it as text, or with --json as one document. Always says NOT VERIFIED.
void print_decoded(const Decoded& decoded, Env& env);

}  // namespace mcpauth::cli
