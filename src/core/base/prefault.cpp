#include "core/base/prefault.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>

namespace mcpauth {
namespace {

constexpr std::size_t kBlock = 80UL * 1024;  // below the 128 KiB from which malloc maps by itself

void populate(void* block) {
#ifdef MADV_POPULATE_WRITE
  static const auto kPage = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t within = begin % kPage;
  ::madvise(static_cast<char*>(block) - within, within + kBlock, MADV_POPULATE_WRITE);
#else
  static_cast<void>(block);
#endif
}

}  // namespace

void prefault_heap() {
  std::array<void*, 3> blocks{};
  for (void*& block : blocks) {
    block = std::malloc(kBlock);
    if (block != nullptr) populate(block);
  }
  // Stays, so that the blocks are not the end of the heap, which free() gives back to the system.
  static void* const volatile kAbove = std::malloc(1);
  static_cast<void>(kAbove);
  for (void* block : blocks)
    std::free(block);
}

}  // namespace mcpauth
