#include "core/codec/toml.hpp"

#include <cstddef>
#include <cstdint>

#include "core/base/panic.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using mcpauth::toml::Span;

bool stands(const Span& span) {
  return span.line != 0 && span.column != 0 && span.end_line >= span.line &&
         (span.end_line > span.line || span.end_column >= span.column);
}

void check(const mcpauth::toml::Table& table) {
  const Span* before = nullptr;
  for (const auto& entry : table.entries) {
    if (!stands(entry.key_span) || !stands(entry.node.span)) mcpauth::panic("a bad place");
    if (before != nullptr && before->line > entry.key_span.line) mcpauth::panic("out of order");
    before = &entry.key_span;
    if (const auto* inner = entry.node.table()) check(*inner);
  }
}

}  // namespace

// Any input is refused with one problem and its place, or it is read in order and every place is
// known.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = mcpauth::toml::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (table) {
    check(*table);
  } else if (table.error().problems.size() != 1 || table.error().problems[0].line == 0) {
    mcpauth::panic("a refusal without a place");
  }
  return 0;
}
