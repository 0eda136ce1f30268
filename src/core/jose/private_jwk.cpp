#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json_raw.hpp"
#include "core/jose/jwk.hpp"
#include "core/jose/jwk_members.hpp"

// The JSON parser keeps what it reads in ordinary strings, which nobody wipes. So the parser sees a
// copy of the text in which every private value is blank, and the values are read from the
// original.
namespace mcpauth::jose {
namespace {

/// The private members of the JWK as they are written. They point into the text, which is a
/// Secret's.
std::vector<json::RawMember> find_private(std::string_view text) {
  auto members = json::raw_members(text).parts;
  std::erase_if(members, [](const json::RawMember& member) {
    return std::ranges::find(kPrivateMembers, member.name) == std::end(kPrivateMembers);
  });
  return members;
}

/// What to blank of a value: what the string holds, or what is between the brackets of a value that
/// should have been a string.
std::string_view inside(std::string_view value) {
  if (const auto content = json::raw_string(value)) return *content;
  const bool opens = value.starts_with('[') || value.starts_with('{');
  if (!opens) return {};
  const bool closes = value.size() > 1 && (value.ends_with(']') || value.ends_with('}'));
  return value.substr(1, value.size() - (closes ? 2 : 1));
}

/// The document with every private value blank.
Result<json::Value> parse_blanked(std::string_view text,
                                  const std::vector<json::RawMember>& secrets) {
  Secret blanked = Secret::copy_of(text);
  for (const json::RawMember& secret : secrets) {
    const auto content = inside(secret.value);
    const auto offset = static_cast<std::size_t>(content.data() - text.data());
    const char blank = secret.value.starts_with('"') ? 'A' : ' ';
    if (content.empty()) continue;
    std::ranges::fill(blanked.writable().subspan(offset, content.size()),
                      static_cast<std::uint8_t>(blank));
  }
  return json::parse(blanked.reveal_text());
}

Result<Secret> secret_member(const json::Value& jwk, const std::vector<json::RawMember>& secrets,
                             std::string_view name) {
  TRY_VOID(text_member(jwk, name));
  const auto at = std::ranges::find(secrets, name, &json::RawMember::name);
  const auto content = at == secrets.end() ? std::nullopt : json::raw_string(at->value);
  if (!content) {  // its name is written with escapes
    return refused(reason::kKeyInvalid,
                   text::format("the name of member `{}` must be written without escapes", name));
  }
  auto value = base64url::decode_secret(*content);
  if (value) return value;
  return refused(reason::kKeyInvalid, text::format("member `{}`: {}", name, value.error().message));
}

Result<crypto::PrivateParts> read_parts(const json::Value& jwk, crypto::KeyType type,
                                        const std::vector<json::RawMember>& secrets) {
  crypto::PrivateParts parts;
  TRY(parts.public_parts, read_public_parts(jwk, type));
  TRY(parts.d, secret_member(jwk, secrets, "d"));
  if (type != crypto::KeyType::rsa) return parts;
  if (jwk.find("oth") != nullptr) {
    return refused(reason::kKeyInvalid, "RSA keys of more than two primes are not supported");
  }
  TRY(parts.p, secret_member(jwk, secrets, "p"));
  TRY(parts.q, secret_member(jwk, secrets, "q"));
  TRY(parts.dp, secret_member(jwk, secrets, "dp"));
  TRY(parts.dq, secret_member(jwk, secrets, "dq"));
  TRY(parts.qi, secret_member(jwk, secrets, "qi"));
  return parts;
}

void append(std::vector<Secret>& pieces, std::string_view name, const Secret& number) {
  pieces.push_back(Secret::copy_of(text::format(R"(,"{}":")", name)));
  pieces.push_back(base64url::encode_secret(number.reveal()));
  pieces.push_back(Secret::copy_of("\""));
}

Secret concatenated(const std::vector<Secret>& pieces) {
  std::size_t size = 0;
  for (const Secret& piece : pieces)
    size += piece.size();
  Secret whole(size);
  auto out = whole.writable().begin();
  for (const Secret& piece : pieces)
    out = std::ranges::copy(piece.reveal(), out).out;
  return whole;
}

}  // namespace

Result<SigningKey> parse_private_jwk(const Secret& text) {
  const auto secrets = find_private(text.reveal_text());
  TRY(const auto jwk, parse_blanked(text.reveal_text(), secrets));
  TRY(auto use, read_use(jwk, "sign"));
  TRY(const auto parts, read_parts(jwk, use.type, secrets));
  TRY(auto key, crypto::PrivateKey::from_parts(parts));
  if (use.kid.empty()) use.kid = thumbprint(key.public_key());
  const auto alg = use.alg.value_or(crypto::default_algorithm(use.type));
  return SigningKey{.key = std::move(key), .alg = alg, .kid = std::move(use.kid)};
}

Secret to_private_jwk(const SigningKey& key) {
  const std::string open = json::write(to_jwk(key.key.public_key(), key.kid, key.alg));
  const auto parts = key.key.parts();
  std::vector<Secret> pieces;
  pieces.push_back(Secret::copy_of(std::string_view(open).substr(0, open.size() - 1)));
  append(pieces, "d", parts.d);
  if (parts.public_parts.type == crypto::KeyType::rsa) {
    append(pieces, "p", parts.p);
    append(pieces, "q", parts.q);
    append(pieces, "dp", parts.dp);
    append(pieces, "dq", parts.dq);
    append(pieces, "qi", parts.qi);
  }
  pieces.push_back(Secret::copy_of("}\n"));
  return concatenated(pieces);
}

Result<SigningKey> load_signing_key(const Secret& content, const Secret& passphrase,
                                    std::optional<crypto::Algorithm> alg) {
  const std::string_view text = content.reveal_text();
  if (text::is_blank(text)) {
    return refused(reason::kKeyInvalid, "there is no key: the content is empty");
  }
  std::optional<SigningKey> key;
  if (text::trimmed(text).starts_with('{')) {
    TRY(key, parse_private_jwk(content));
  } else {
    TRY(auto pem, crypto::PrivateKey::from_pem(content, passphrase));
    const auto kid = thumbprint(pem.public_key());
    const auto implied = crypto::default_algorithm(pem.type());
    key.emplace(SigningKey{.key = std::move(pem), .alg = implied, .kid = kid});
  }
  if (alg && !crypto::fits(*alg, key->key.type())) {
    auto error = refused(reason::kAlgMismatch,
                         text::format("{} does not fit a key of type {}", crypto::name(*alg),
                                      crypto::name(key->key.type())));
    error.hint = "leave the algorithm out, or make a key for it";
    return error;
  }
  key->alg = alg.value_or(key->alg);
  return *std::move(key);
}

}  // namespace mcpauth::jose
