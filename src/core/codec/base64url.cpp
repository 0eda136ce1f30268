#include "core/codec/base64url.hpp"

#include <array>

namespace mcpauth::base64url {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kBad = 0x80;  // no digit has this bit, so one test covers a whole group

constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kBad);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

std::uint8_t digit(char c) {
  return kDigits[static_cast<std::uint8_t>(c)];
}

constexpr std::size_t decoded_size(std::size_t characters) {
  return characters / 4 * 3 + (characters % 4 == 0 ? 0 : characters % 4 - 1);
}

/// Decodes the last group: two or three characters give one or two bytes.
bool decode_rest(std::string_view rest, std::uint8_t* out) {
  if (rest.empty()) return true;
  if (rest.size() == 1) return false;
  const unsigned a = digit(rest[0]);
  const unsigned b = digit(rest[1]);
  const unsigned c = rest.size() == 3 ? digit(rest[2]) : 0U;
  const unsigned unused = rest.size() == 3 ? c & 0x03U : b & 0x0FU;
  if (((a | b | c) & kBad) != 0 || unused != 0) return false;
  out[0] = static_cast<std::uint8_t>(a << 2U | b >> 4U);
  if (rest.size() == 3) out[1] = static_cast<std::uint8_t>((b & 0x0FU) << 4U | c >> 2U);
  return true;
}

bool decode_into(std::string_view text, std::uint8_t* out) {
  while (text.size() >= 4) {
    const unsigned a = digit(text[0]);
    const unsigned b = digit(text[1]);
    const unsigned c = digit(text[2]);
    const unsigned d = digit(text[3]);
    if (((a | b | c | d) & kBad) != 0) return false;
    const unsigned group = a << 18U | b << 12U | c << 6U | d;
    out[0] = static_cast<std::uint8_t>(group >> 16U);
    out[1] = static_cast<std::uint8_t>(group >> 8U & 0xFFU);
    out[2] = static_cast<std::uint8_t>(group & 0xFFU);
    out += 3;
    text.remove_prefix(4);
  }
  return decode_rest(text, out);
}

/// Says what is wrong with a text that did not decode. Does not quote it, because it may be secret.
Error refusal(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (digit(text[i]) != kBad) continue;
    const bool padding = text[i] == '=';
    return Error{.code = Errc::input,
                 .message = (padding ? "base64url has padding at byte "
                                     : "base64url has a character outside its alphabet at byte ") +
                            std::to_string(i + 1)};
  }
  if (text.size() % 4 == 1) {
    return Error{.code = Errc::input, .message = "base64url is cut off: its length cannot be"};
  }
  return Error{.code = Errc::input, .message = "base64url has bits set after its last byte"};
}

constexpr std::size_t encoded_size(std::size_t bytes) {
  return (bytes * 4 + 2) / 3;
}

void encode_into(BytesView bytes, char* out) {
  const auto put = [&out](unsigned digits) { *out++ = kAlphabet[digits & 0x3FU]; };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const unsigned group = unsigned{bytes[i]} << 16U | unsigned{bytes[i + 1]} << 8U | bytes[i + 2];
    put(group >> 18U);
    put(group >> 12U);
    put(group >> 6U);
    put(group);
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 0) return;
  const unsigned group =
      unsigned{bytes[i]} << 16U | (rest == 2 ? unsigned{bytes[i + 1]} << 8U : 0U);
  put(group >> 18U);
  put(group >> 12U);
  if (rest == 2) put(group >> 6U);
}

}  // namespace

std::string encode(BytesView bytes) {
  std::string text(encoded_size(bytes.size()), '\0');
  encode_into(bytes, text.data());
  return text;
}

Secret encode_secret(BytesView bytes) {
  Secret secret(encoded_size(bytes.size()));
  encode_into(bytes, reinterpret_cast<char*>(secret.writable().data()));
  return secret;
}

Result<Bytes> decode(std::string_view text) {
  Bytes bytes(decoded_size(text.size()));
  if (!decode_into(text, bytes.data())) return refusal(text);
  return bytes;
}

Result<Secret> decode_secret(std::string_view text) {
  Secret secret(decoded_size(text.size()));
  if (!decode_into(text, secret.writable().data())) return refusal(text);
  return secret;
}

}  // namespace mcpauth::base64url
