#include "core/codec/json.hpp"

#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.hpp"

// What is accepted is written so that it reads back the same, on one line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcpauth;
  const auto text = text_of({data, size});
  const json::Limits limits{.bytes = 1 << 16, .depth = 32, .values = 5000};
  const auto string = json::parse(json::quote(text));
  if (string && string->string() == nullptr) std::abort();
  const auto value = json::parse(text, limits);
  if (!value) {
    if (value.error().message.empty()) std::abort();
    return 0;
  }
  const auto written = json::write(*value);
  if (written.find('\n') != std::string::npos) std::abort();
  const auto back = json::parse(written);
  if (!back || !(*back == *value) || json::write(*back) != written) std::abort();
  const auto pretty = json::parse(json::write_pretty(*value));
  if (!pretty || !(*pretty == *value)) std::abort();
  static_cast<void>(value->at_pointer(text));
  return 0;
}
