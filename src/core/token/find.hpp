#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcpauth::token {

/// A compact JWS or JWE found in some text.
struct Found {
  std::string token;
  std::string where;  ///< "a Bearer header", "the JSON member `access_token`"; empty: it was all
  std::size_t others = 0;  ///< how many more tokens there were
  bool unwrapped = false;  ///< line breaks inside it were taken out
};

/// The first token in whatever was pasted: a header line, a curl command, a JSON document, a
/// cookie, a URL, a log line; bare, quoted, or wrapped over several lines. A token is three or five
/// parts of base64url of which the first is a JSON object. Where the only one is over the limit of
/// parse_jws, its start, which that refuses.
std::optional<Found> find(std::string_view pasted);

}  // namespace mcpauth::token
