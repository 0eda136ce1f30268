#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/panic.hpp"
#include "core/jose/jwks.hpp"
#include "core/keys/diff.hpp"
#include "core/keys/lint.hpp"

// A key set that a verifier refuses as unusable always has a finding, and a set never differs from
// itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcpauth;
  const auto text = text_of({data, size});
  const auto findings = keys::lint(text);
  const auto set = jose::KeySet::parse(text);
  if (!set && findings && findings->empty()) panic("unusable, and nothing found");
  if (!set) return 0;
  if (!keys::compare(*set, *set).changes.empty()) panic("a set that differs from itself");
  return 0;
}
