#include "core/codec/url.hpp"

#include <cstddef>
#include <cstdint>

#include "core/base/panic.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// The normalised text of an accepted URL parses to the same URL.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto first = mcpauth::Url::parse({reinterpret_cast<const char*>(data), size});
  if (!first) {
    if (first.error().message.empty()) mcpauth::panic("a refusal without a message");
    return 0;
  }
  const auto text = first->text();
  const auto second = mcpauth::Url::parse(text);
  if (!second || second->text() != text || second->host != first->host ||
      second->port != first->port || second->is_loopback() != first->is_loopback())
    mcpauth::panic("the normalised URL means something else");
  return 0;
}
