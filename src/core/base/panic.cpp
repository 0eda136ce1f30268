#include "core/base/panic.hpp"

#include <cstdio>
#include <cstdlib>

namespace mcpauth {

void panic(const char* why) noexcept {
  static_cast<void>(std::fprintf(stderr, "mcpauth: bug: %s\n", why));
  std::abort();
}

}  // namespace mcpauth
