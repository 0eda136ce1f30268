#include "core/jose/jws.hpp"

#include <algorithm>

#include "core/base/reason.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::jose {
namespace {

constexpr json::Limits kHeaderLimits{.bytes = kMaxTokenBytes, .depth = 16, .values = 1000};

Error malformed(std::string message) {
  return Error{.code = Errc::input, .message = std::move(message), .reason = reason::kMalformed};
}

Result<Bytes> decode_part(std::string_view name, std::string_view text) {
  auto bytes = base64url::decode(text);
  if (bytes) return bytes;
  return malformed(text::format("the {} is bad: {}", name, bytes.error().message));
}

Error not_three_parts(std::size_t dots) {
  if (dots == 4) {
    return Error{.code = Errc::input,
                 .message = "the token is encrypted (a JWE); only signed tokens are read",
                 .reason = reason::kEncrypted};
  }
  return malformed(text::format("a compact JWS has 3 parts, this has {}", dots + 1));
}

std::string_view text_of_header(const json::Value& header, std::string_view name) {
  const json::Value* member = header.find(name);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string_view();
}

}  // namespace

std::string_view Jws::alg() const {
  return text_of_header(header, "alg");
}
std::string_view Jws::kid() const {
  return text_of_header(header, "kid");
}
std::string_view Jws::typ() const {
  return text_of_header(header, "typ");
}

Result<Jws> parse_jws(std::string_view token) {
  if (token.size() > kMaxTokenBytes) {
    return Error{.code = Errc::input,
                 .message = text::format("the token is over {} bytes", kMaxTokenBytes),
                 .reason = reason::kTooLarge};
  }
  if (token.empty()) return malformed("the token is empty");
  const auto dots = static_cast<std::size_t>(std::ranges::count(token, '.'));
  if (dots != 2) return not_three_parts(dots);
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);

  Jws jws;
  jws.signing_input = token.substr(0, second);
  jws.payload_text = token.substr(first + 1, second - first - 1);
  TRY(const auto header, decode_part("header", token.substr(0, first)));
  auto parsed = json::parse(text_of(header), kHeaderLimits);
  if (!parsed) return malformed("the header is bad: " + parsed.error().message);
  if (parsed->object() == nullptr) return malformed("the header is not a JSON object");
  jws.header = *std::move(parsed);
  TRY(jws.payload, decode_part("payload", jws.payload_text));
  TRY(jws.signature, decode_part("signature", token.substr(second + 1)));
  return jws;
}

Result<std::string> sign_jws(const SigningKey& key, const json::Object& header, BytesView payload) {
  const json::Value* alg = header.find("alg");
  if (alg == nullptr || alg->string() == nullptr ||
      crypto::algorithm_named(*alg->string()) != key.alg) {
    return Error{.code = Errc::usage,
                 .message = text::format("the header's alg must be {}", crypto::name(key.alg))};
  }
  std::string token = base64url::encode(bytes_of(json::write(header)));
  token += '.';
  token += base64url::encode(payload);
  TRY(const auto signature, key.key.sign(key.alg, bytes_of(token)));
  token += '.';
  token += base64url::encode(signature);
  return token;
}

Result<std::string> sign_jwt(const SigningKey& key, std::string_view typ,
                             const json::Object& claims) {
  const json::Object header{{"alg", crypto::name(key.alg)}, {"kid", key.kid}, {"typ", typ}};
  return sign_jws(key, header, bytes_of(json::write(claims)));
}

}  // namespace mcpauth::jose
