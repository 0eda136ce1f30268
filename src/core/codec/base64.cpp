#include "core/codec/base64.hpp"

#include <algorithm>

#include "core/codec/base64url.hpp"

namespace mcpauth::base64 {

std::string encode(BytesView bytes) {
  std::string text = base64url::encode(bytes);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

Result<Bytes> decode(std::string_view text) {
  const Error refused{.code = Errc::input, .message = "not base64 with padding (RFC 4648)"};
  if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos) return refused;
  std::string digits(text);
  for (int i = 0; i < 2 && digits.ends_with('='); ++i)
    digits.pop_back();
  std::ranges::replace(digits, '+', '-');
  std::ranges::replace(digits, '/', '_');
  auto bytes = base64url::decode(digits);
  if (!bytes) return refused;
  return bytes;
}

}  // namespace mcpauth::base64
