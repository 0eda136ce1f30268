#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/panic.hpp"
#include "core/jose/jwk.hpp"
#include "core/keys/index.hpp"
#include "core/keys/plan.hpp"

// Any ring.json is refused, or it is a ring that signs with one key, names files only by
// thumbprints and is written back unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcpauth;
  using namespace mcpauth::keys;
  const auto entries = parse_index(text_of({data, size}));
  if (!entries) return 0;
  if (std::ranges::count(*entries, State::active, &Entry::state) != 1) panic("not one active key");
  for (const Entry& entry : *entries) {
    if (entry.kid != jose::thumbprint(entry.key)) panic("a kid that is not a thumbprint");
  }
  if (upcoming(*entries, {}).empty()) panic("nothing to do, ever");
  const auto text = write_index(*entries);
  const auto again = parse_index(text);
  if (!again || write_index(*again) != text) panic("not read back");
  return 0;
}
