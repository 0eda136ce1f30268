#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcpauth::token {

/// A compact JWS or JWE found in some text.
struct Found {
  std::string token;
  std::string
      where;  ///< "a Bearer header", "the JSON member `access_token`"; empty: nothing around it
  std::size_t others = 0;  ///< how many more tokens there were
  bool unwrapped = false;  ///< line breaks inside it were removed
};

/// The first token in pasted text: a header line, a curl command, a JSON document, a cookie, a URL
/// or a log line; bare, quoted, or wrapped over several lines. A token is three or five parts of
/// base64url, and the first is a JSON object. When the only token is over the limit of parse_jws,
/// gives so much of it that parse_jws refuses it as too large.
std::optional<Found> find(std::string_view pasted);

}  // namespace mcpauth::token
