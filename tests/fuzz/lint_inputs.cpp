#include <cstddef>
#include <cstdint>

#include "core/base/panic.hpp"
#include "core/policy/lint/inputs.hpp"
#include "core/policy/lint/lock.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

using namespace mcpauth;

// The lists of tools and groups, and the lock. The first byte chooses one of them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 't') {
    const auto tools = policy::lint::parse_tools(text, "", "fuzz");
    if (!tools && tools.error().message.empty()) panic("a refusal without a word");
    (void)policy::lint::parse_tools(text, "server", "fuzz");
  } else if (data[0] == 'g') {
    const auto groups = policy::lint::parse_groups(text, "fuzz");
    if (!groups) return 0;
    for (const auto& group : *groups) {
      if (group.find(':') == std::string::npos) panic("a group without an IdP");
    }
  } else {
    const auto lock = policy::lint::read_lock(text, "fuzz");
    if (!lock) return 0;
    const auto again = policy::lint::read_lock(policy::lint::write_lock(*lock), "fuzz");
    if (!again || *again != *lock) panic("a lock that does not read itself");
  }
  return 0;
}
