#pragma once

#include <string_view>

#include "core/base/bytes.hpp"

namespace mcpauth::test {

/// The bytes of a hexadecimal text of a test; white space is left out.
inline Bytes from_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Bytes bytes;
  unsigned digits = 0;
  unsigned value = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    value = value << 4U | static_cast<unsigned>(digit);
    if (++digits % 2 == 0) bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
  }
  return bytes;
}

}  // namespace mcpauth::test
