#include "core/codec/json.hpp"

#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.hpp"
#include "core/codec/json_raw.hpp"

namespace {

using namespace mcpauth;

/// In valid JSON, the raw parts are the parts that the parser reads.
void check_raw(std::string_view text, const json::Value& value) {
  const auto members = json::raw_members(text);
  const auto items = json::raw_items(text);
  if (members.whole != (value.object() != nullptr)) std::abort();
  if (items.whole != (value.array() != nullptr)) std::abort();
  if (members.whole && members.parts.size() != value.object()->size()) std::abort();
  if (items.whole && items.parts.size() != value.array()->size()) std::abort();
  for (const auto& member : members.parts) {
    const auto part = json::parse(member.value);
    if (!part) std::abort();
    const auto* found = value.find(member.name);
    if (member.name.find('\\') == std::string_view::npos &&
        (found == nullptr || !(*found == *part))) {
      std::abort();
    }
    const auto content = json::raw_string(member.value);
    if (content.has_value() != (part->string() != nullptr)) std::abort();
  }
}

}  // namespace

// An accepted value is written on one line and reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of({data, size});
  const json::Limits limits{.bytes = 1 << 16, .depth = 32, .values = 5000};
  const auto string = json::parse(json::quote(text));
  if (string && string->string() == nullptr) std::abort();
  const auto value = json::parse(text, limits);
  if (!value) {
    if (value.error().message.empty()) std::abort();
    json::raw_members(text);
    json::raw_items(text);
    return 0;
  }
  check_raw(text, *value);
  const auto written = json::write(*value);
  if (written.find('\n') != std::string::npos) std::abort();
  const auto back = json::parse(written);
  if (!back || !(*back == *value) || json::write(*back) != written) std::abort();
  const auto pretty = json::parse(json::write_pretty(*value));
  if (!pretty || !(*pretty == *value)) std::abort();
  static_cast<void>(value->at_pointer(text));
  return 0;
}
