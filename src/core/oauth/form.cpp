#include "core/oauth/form.hpp"

#include <algorithm>

#include "core/codec/ascii.hpp"

namespace mcpauth::oauth {
namespace {

bool stays(char c) {
  return text::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '*';
}

/// Fills a Secret of at most `size` bytes.
class Writer {
 public:
  explicit Writer(std::size_t size) : out_(size) {}

  void put(std::string_view text) {
    std::ranges::copy(text, out_.writable().begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += text.size();
  }
  void put_encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const auto byte : bytes_of(text)) {
      const char plain = static_cast<char>(byte);
      const char escape[] = {'%', kHex[byte >> 4], kHex[byte & 15]};
      put(stays(plain) ? std::string_view(&plain, 1) : std::string_view(escape, 3));
    }
  }
  Secret take() { return out_.first(at_); }

 private:
  Secret out_;
  std::size_t at_ = 0;
};

Secret base64(std::string_view prefix, BytesView bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Writer out(prefix.size() + (bytes.size() + 2) / 3 * 4);
  out.put(prefix);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t at) { return at < bytes.size() ? unsigned{bytes[at]} : 0U; };
    const unsigned three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    char four[] = {kAlphabet[three >> 18], kAlphabet[three >> 12 & 63], kAlphabet[three >> 6 & 63],
                   kAlphabet[three & 63]};
    if (i + 1 >= bytes.size()) four[2] = '=';
    if (i + 2 >= bytes.size()) four[3] = '=';
    out.put({four, 4});
  }
  return out.take();
}

}  // namespace

Secret form_body(std::span<const std::pair<std::string_view, std::string_view>> fields) {
  std::size_t most = 0;
  for (const auto& [name, value] : fields)
    most += 3 * (name.size() + value.size()) + 2;
  Writer out(most);
  for (std::string_view separator; const auto& [name, value] : fields) {
    out.put(separator);
    out.put_encoded(name);
    out.put("=");
    out.put_encoded(value);
    separator = "&";
  }
  return out.take();
}

Secret basic_authorization(std::string_view client_id, const Secret& client_secret) {
  Writer pair(3 * (client_id.size() + client_secret.size()) + 1);
  pair.put_encoded(client_id);
  pair.put(":");
  pair.put_encoded(client_secret.reveal_text());
  return base64("Basic ", pair.take().reveal());
}

}  // namespace mcpauth::oauth
