#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/keys/entry.hpp"

namespace mcpauth::keys {

inline constexpr std::string_view kRingSchema = "mcpauth.ring/1";
inline constexpr std::size_t kMaxRingBytes = std::size_t{256} * 1024;
inline constexpr std::size_t kMaxRingKeys = 64;

/// Reads ring.json strictly. Errc::input, with the number of the key in the message, for unknown
/// members, an unknown schema, a kid that is not the thumbprint, the same key twice, times that do
/// not belong to the state, and anything but one active and at most one next key.
Result<std::vector<Entry>> parse_index(std::string_view text);

/// The text of ring.json, which parse_index reads back to the same entries.
std::string write_index(const std::vector<Entry>& entries);

}  // namespace mcpauth::keys
