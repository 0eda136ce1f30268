#pragma once

#include <chrono>

namespace mcpauth {

// The bounds on the lifetime of every token that mcpauth signs. No setting goes beyond them.
inline constexpr std::chrono::seconds kMinTtl{300};
inline constexpr std::chrono::seconds kMaxTtl{900};

}  // namespace mcpauth
