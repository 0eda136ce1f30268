#pragma once

#include <string>
#include <string_view>

#include "core/http/client.hpp"

namespace mcpauth::identity {

/// A P-256 public key (that of RFC 7515 appendix A.3) under a name of choice.
inline std::string jwk(std::string_view kid, std::string_view rest = "") {
  return R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
         R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":")" +
         std::string(kid) + "\"" + std::string(rest) + "}";
}

inline std::string jwks(std::string_view kid, std::string_view rest = "") {
  return R"({"keys":[)" + jwk(kid, rest) + "]}";
}

inline http::Response json_answer(std::string body, std::string_view cache_control = "",
                                  std::string_view etag = "") {
  http::Response out{.status = 200, .body = std::move(body)};
  out.headers.emplace_back("content-type", "application/json");
  if (!cache_control.empty()) out.headers.emplace_back("cache-control", cache_control);
  if (!etag.empty()) out.headers.emplace_back("etag", etag);
  return out;
}

}  // namespace mcpauth::identity
