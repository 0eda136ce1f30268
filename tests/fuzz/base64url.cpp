#include "core/codec/base64url.hpp"

#include <cstdint>
#include <cstdlib>

// A text decodes to one byte string or none, and a byte string has exactly one text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcpauth;
  const BytesView bytes(data, size);
  const auto text = text_of(bytes);
  const auto decoded = base64url::decode(text);
  const auto secret = base64url::decode_secret(text);
  if (decoded.has_value() != secret.has_value()) std::abort();
  if (decoded && base64url::encode(*decoded) != text) std::abort();
  if (decoded && secret->reveal_text() != text_of(*decoded)) std::abort();

  const auto encoded = base64url::encode(bytes);
  const auto back = base64url::decode(encoded);
  if (!back || text_of(*back) != text) std::abort();
  if (base64url::encode_secret(bytes).reveal_text() != encoded) std::abort();
  return 0;
}
