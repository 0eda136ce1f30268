#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mcpauth {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// The bytes of a text, without copying. `text` must outlive the view.
inline BytesView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The characters of some bytes, without copying. `bytes` must outlive the view.
inline std::string_view text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace mcpauth
