#include "core/token/redact.hpp"

#include <algorithm>
#include <array>

#include "core/codec/format.hpp"

namespace mcpauth::token {
namespace {

constexpr std::array<std::string_view, 17> kProtocol = {
    "iss", "aud", "exp", "iat",       "nbf", "auth_time", "azp", "client_id", "scope",
    "scp", "typ", "acr", "token_use", "ver", "sub_kind",  "idp", "amr"};

constexpr std::array<std::string_view, 8> kHeader = {"alg", "typ", "cty", "crit",
                                                     "enc", "zip", "b64", "kid"};

std::string placeholder(const json::Value& value) {
  if (value.string() != nullptr) return "[redacted text]";
  if (value.array() != nullptr) {
    return text::format("[redacted list of {}]", value.array()->size());
  }
  if (value.object() != nullptr) return "[redacted object]";
  return "[redacted]";
}

}  // namespace

Redacted redact(const json::Object& claims) {
  Redacted safe;
  for (const auto& [name, value] : claims) {
    const bool keep = std::ranges::find(kProtocol, name) != kProtocol.end();
    safe.members.set(name, keep ? value : json::Value(placeholder(value)));
    if (!keep) safe.removed.push_back(name);
  }
  return safe;
}

Redacted redact_header(const json::Object& header) {
  Redacted safe;
  for (const auto& [name, value] : header) {
    const bool known = std::ranges::find(kHeader, name) != kHeader.end();
    const bool keep = known && json::write(value).find('@') == std::string::npos;
    safe.members.set(name, keep ? value : json::Value(placeholder(value)));
    if (!keep) safe.removed.push_back("header/" + name);
  }
  return safe;
}

}  // namespace mcpauth::token
