#include "core/base/secret.hpp"

#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero is only here

#include <algorithm>

namespace mcpauth {

Secret::Secret(std::size_t size) : bytes_(new std::uint8_t[size](), Wipe{size}) {}

Secret Secret::copy_of(BytesView bytes) {
  Secret copy(bytes.size());
  std::ranges::copy(bytes, copy.bytes_.get());
  return copy;
}

Secret Secret::copy_of(std::string_view text) {
  return copy_of(bytes_of(text));
}

void Secret::Wipe::operator()(std::uint8_t* bytes) const noexcept {
  ::explicit_bzero(bytes, size);
  delete[] bytes;
}

void wipe(std::span<std::uint8_t> bytes) noexcept {
  ::explicit_bzero(bytes.data(), bytes.size());
}

}  // namespace mcpauth
