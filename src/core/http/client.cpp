#include "core/http/client.hpp"

namespace mcpauth::http {

bool may_ask(const Url& url, const Reach& reach) {
  return url.scheme == "https" || (reach.loopback && url.is_loopback());
}

std::string_view Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

}  // namespace mcpauth::http
