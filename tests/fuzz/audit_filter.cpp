#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/audit/log/record.hpp"
#include "core/audit/query/filter.hpp"
#include "core/base/panic.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

using namespace mcpauth;

// The input is a filter, and after the first newline a log line to match. Both come from outside.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto newline = std::min(input.find('\n'), input.size());
  const auto filter = audit::query::Filter::parse(input.substr(0, newline), Instant{});
  if (!filter) {
    if (filter.error().message.empty()) panic("a refusal without a message");
    if (filter.error().problems.size() != 1) panic("a refusal without its place");
    return 0;
  }
  const auto known = audit::to_line({.id = "i",
                                     .request_id = "r",
                                     .event = "call",
                                     .tool = "hr/get",
                                     .scopes = {"hr:read", "a\"b"},
                                     .decision = "deny",
                                     .status = 403},
                                    17, Instant{});
  for (const auto line : {input.substr(std::min(newline + 1, size)), std::string_view(known)}) {
    const auto record = audit::LineView::of(line);
    if (record && filter->matches(*record) && !filter->could_match(line)) {
      panic("a line that matches was passed by");
    }
  }
  return 0;
}
