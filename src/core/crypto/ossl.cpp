#include "core/crypto/ossl.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::crypto::ossl {
namespace {

const EVP_MD* fetch(const char* name) {
  return EVP_MD_fetch(nullptr, name, nullptr);
}

Result<Bytes> public_number(const EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* raw = nullptr;
  const bool found = EVP_PKEY_get_bn_param(key, name, &raw) == 1;
  const Bignum number(raw);
  if (!found) return failure("read a public number");
  Bytes bytes(size != 0 ? size : static_cast<std::size_t>(BN_num_bytes(number.get())));
  if (BN_bn2binpad(number.get(), bytes.data(), static_cast<int>(bytes.size())) < 0) {
    return failure("read a public number");
  }
  return bytes;
}

}  // namespace

Error invalid_key(std::string message) {
  return Error{.code = Errc::input, .message = std::move(message), .reason = reason::kKeyInvalid};
}

Error failure(std::string_view doing) {
  std::string message = "could not ";
  message.append(doing);
  std::array<char, 200> text{};
  const char* separator = ": ";
  while (const auto code = ERR_get_error()) {
    ERR_error_string_n(code, text.data(), text.size());
    message.append(separator).append(text.data());
    separator = "; ";
  }
  return Error{.code = Errc::crypto, .message = std::move(message)};
}

const EVP_MD* digest_of(Algorithm algorithm) {
  // Never freed: they live as long as the process, and OpenSSL's own clean-up comes last.
  switch (algorithm) {
    case Algorithm::es256:
    case Algorithm::rs256:
    case Algorithm::ps256: {
      static const EVP_MD* const kSha256 = fetch("SHA256");
      return kSha256;
    }
    case Algorithm::es384:
    case Algorithm::rs384:
    case Algorithm::ps384: {
      static const EVP_MD* const kSha384 = fetch("SHA384");
      return kSha384;
    }
    case Algorithm::es512:
    case Algorithm::rs512:
    case Algorithm::ps512: {
      static const EVP_MD* const kSha512 = fetch("SHA512");
      return kSha512;
    }
    case Algorithm::eddsa:
      return nullptr;
  }
  return nullptr;
}

bool configure(EVP_PKEY_CTX* context, Algorithm algorithm) {
  const EVP_MD* digest = digest_of(algorithm);
  if (digest == nullptr || EVP_PKEY_CTX_set_signature_md(context, digest) != 1) return false;
  if (!fits(algorithm, KeyType::rsa)) return true;
  const bool pss = algorithm == Algorithm::ps256 || algorithm == Algorithm::ps384 ||
                   algorithm == Algorithm::ps512;
  if (!pss) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

void Params::number(const char* name, BytesView big_endian) {
  Secret& native = storage_.emplace_back(Secret::copy_of(big_endian));
  if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(native.writable());
  params_.push_back(OSSL_PARAM_construct_BN(name, native.writable().data(), native.size()));
}

void Params::octets(const char* name, BytesView bytes) {
  Secret& copy = storage_.emplace_back(Secret::copy_of(bytes));
  params_.push_back(OSSL_PARAM_construct_octet_string(name, copy.writable().data(), copy.size()));
}

void Params::text(const char* name, const char* value) {
  // OSSL_PARAM has no const form; EVP_PKEY_fromdata only reads.
  params_.push_back(OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0));
}

Pkey Params::make_key(const char* type, int selection) {
  params_.push_back(OSSL_PARAM_construct_end());
  const PkeyCtx context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, params_.data()) != 1) {
    return nullptr;
  }
  return Pkey(key);
}

std::size_t field_size(KeyType type) {
  switch (type) {
    case KeyType::p384:
      return 48;
    case KeyType::p521:
      return 66;
    case KeyType::p256:
    case KeyType::ed25519:
      return 32;
    case KeyType::rsa:
      return 0;
  }
  return 0;
}

const char* group_name(KeyType type) {
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): each name is a literal
  return name(type).data();
}

const char* type_name(KeyType type) {
  switch (type) {
    case KeyType::ed25519:
      return "ED25519";
    case KeyType::rsa:
      return "RSA";
    case KeyType::p256:
    case KeyType::p384:
    case KeyType::p521:
      return "EC";
  }
  return "";
}

Result<KeyType> type_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) return KeyType::rsa;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return KeyType::ed25519;
  const char* found = EVP_PKEY_get0_type_name(key);
  std::string what = found != nullptr ? found : "unknown";
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    std::array<char, 64> group{};
    EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr);
    what = group.data();
    if (what == "prime256v1") return KeyType::p256;
    if (what == "secp384r1") return KeyType::p384;
    if (what == "secp521r1") return KeyType::p521;
  }
  return Error{.code = Errc::input,
               .message = text::format("keys of type `{}` are not supported", what),
               .hint = "use P-256, P-384, P-521, Ed25519 or RSA",
               .reason = reason::kKeyInvalid};
}

Result<PublicParts> public_parts(const EVP_PKEY* key, KeyType type) {
  PublicParts parts{.type = type, .x = {}, .y = {}, .n = {}, .e = {}};
  if (type == KeyType::rsa) {
    TRY(parts.n, public_number(key, OSSL_PKEY_PARAM_RSA_N, 0));
    TRY(parts.e, public_number(key, OSSL_PKEY_PARAM_RSA_E, 0));
  } else if (type == KeyType::ed25519) {
    std::size_t size = field_size(type);
    parts.x.resize(size);
    if (EVP_PKEY_get_raw_public_key(key, parts.x.data(), &size) != 1) {
      return failure("read a public key");
    }
  } else {
    TRY(parts.x, public_number(key, OSSL_PKEY_PARAM_EC_PUB_X, field_size(type)));
    TRY(parts.y, public_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, field_size(type)));
  }
  return parts;
}

Bytes point(const PublicParts& parts) {
  Bytes uncompressed(1 + parts.x.size() + parts.y.size());
  uncompressed.front() = 0x04;
  const auto y = std::ranges::copy(parts.x, uncompressed.begin() + 1).out;
  std::ranges::copy(parts.y, y);
  return uncompressed;
}

}  // namespace mcpauth::crypto::ossl
