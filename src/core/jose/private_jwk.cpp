#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"
#include "core/codec/base64url.hpp"
#include "core/jose/jwk.hpp"
#include "core/jose/jwk_members.hpp"

// The JSON parser keeps what it reads in ordinary strings, which nobody wipes. So the values of the
// private members are cut out of a copy of the text before the parser sees it: it checks the whole
// document, with every private value blank.
namespace mcpauth::jose {
namespace {

constexpr char kBlank = 'A';

struct PrivateText {
  std::string_view name;   ///< points into kPrivateMembers
  std::string_view value;  ///< points into the text, which is a Secret's
};

/// The index after the string that starts with the quote at `open`; npos when it does not end.
std::size_t after_string(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

/// The private members of the outermost object, found without building anything. It need not
/// understand JSON that is wrong: the parser refuses that afterwards.
std::vector<PrivateText> find_private(std::string_view text) {
  std::vector<PrivateText> found;
  std::string_view name;  // the private member whose value comes next
  int depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '"') {
      if (text[i] == '{' || text[i] == '[') ++depth;
      if (text[i] == '}' || text[i] == ']') --depth;
      if (text[i] == ',') name = {};
      ++i;
      continue;
    }
    const std::size_t end = after_string(text, i);
    if (end == std::string_view::npos) break;
    const std::string_view content = text.substr(i + 1, end - i - 2);
    i = end;
    if (!name.empty()) found.push_back({name, content});
    const auto* at = std::ranges::find(kPrivateMembers, content);
    const bool is_name = name.empty() && depth == 1 && at != std::end(kPrivateMembers);
    name = is_name ? *at : std::string_view();
  }
  return found;
}

/// The document with every private value blank.
Result<json::Value> parse_blanked(std::string_view text, const std::vector<PrivateText>& secrets) {
  Secret blanked = Secret::copy_of(text);
  for (const PrivateText& secret : secrets) {
    const auto offset = static_cast<std::size_t>(secret.value.data() - text.data());
    std::ranges::fill(blanked.writable().subspan(offset, secret.value.size()),
                      static_cast<std::uint8_t>(kBlank));
  }
  return json::parse(blanked.reveal_text());
}

Result<Secret> secret_member(const json::Value& jwk, const std::vector<PrivateText>& secrets,
                             std::string_view name) {
  TRY_VOID(text_member(jwk, name));
  const auto at = std::ranges::find(secrets, name, &PrivateText::name);
  if (at == secrets.end()) {  // it stands there in a spelling with escapes
    return refused(reason::kKeyInvalid, "member `" + std::string(name) + "` is written oddly");
  }
  auto value = base64url::decode_secret(at->value);
  if (value) return value;
  return refused(reason::kKeyInvalid,
                 "member `" + std::string(name) + "`: " + value.error().message);
}

Result<crypto::PrivateParts> read_parts(const json::Value& jwk, crypto::KeyType type,
                                        const std::vector<PrivateText>& secrets) {
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
  pieces.push_back(Secret::copy_of(",\"" + std::string(name) + "\":\""));
  pieces.push_back(base64url::encode_secret(number.reveal()));
  pieces.push_back(Secret::copy_of("\""));
}

Secret joined(const std::vector<Secret>& pieces) {
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
  return joined(pieces);
}

Result<SigningKey> load_signing_key(const Secret& content, const Secret& passphrase,
                                    std::optional<crypto::Algorithm> alg) {
  const std::string_view text = content.reveal_text();
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return refused(reason::kKeyInvalid, "there is no key: the content is empty");
  }
  std::optional<SigningKey> key;
  if (text[first] == '{') {
    TRY(key, parse_private_jwk(content));
  } else {
    TRY(auto pem, crypto::PrivateKey::from_pem(content, passphrase));
    const auto kid = thumbprint(pem.public_key());
    const auto implied = crypto::default_algorithm(pem.type());
    key.emplace(SigningKey{.key = std::move(pem), .alg = implied, .kid = kid});
  }
  if (alg && !crypto::fits(*alg, key->key.type())) {
    auto error = refused(reason::kAlgMismatch, std::string(crypto::name(*alg)) +
                                                   " does not fit a key of type " +
                                                   std::string(crypto::name(key->key.type())));
    error.hint = "leave the algorithm out, or make a key for it";
    return error;
  }
  key->alg = alg.value_or(key->alg);
  return *std::move(key);
}

}  // namespace mcpauth::jose
