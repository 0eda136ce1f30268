#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace mcpauth::text {

/// With the letters A to Z made small, whatever the locale; every other byte stays.
inline std::string lowered(std::string_view text) {
  std::string out(text);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

}  // namespace mcpauth::text
