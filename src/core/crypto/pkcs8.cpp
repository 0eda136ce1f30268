#include "core/crypto/pkcs8.hpp"

#include <algorithm>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "core/crypto/ossl.hpp"
#include "core/crypto/pem.hpp"

namespace mcpauth::crypto::pkcs8 {
namespace {

using Info = ossl::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

/// Takes DER values from the front of bytes. After the first failure, every further call fails.
class Der {
 public:
  explicit Der(BytesView bytes) : rest_(bytes) {}

  /// The content of the next value; empty when it does not have this tag.
  BytesView take(int tag, int kind = V_ASN1_UNIVERSAL) {
    const std::uint8_t* at = rest_.data();
    long length = 0;
    int found = 0;
    int found_kind = 0;
    const int form =
        ASN1_get_object(&at, &length, &found, &found_kind, static_cast<long>(rest_.size()));
    const bool indefinite_or_bad = (form & 0x81) != 0;
    if (rest_.empty() || indefinite_or_bad || found != tag || found_kind != kind) return fail();
    const BytesView content(at, static_cast<std::size_t>(length));
    rest_ = rest_.subspan(static_cast<std::size_t>(content.data() - rest_.data()) + content.size());
    return content;
  }

  /// The next INTEGER without leading zeros; empty when it is negative, zero or absent.
  BytesView take_number() {
    auto number = take(V_ASN1_INTEGER);
    if (number.empty() || (number.front() & 0x80) != 0) return fail();
    while (!number.empty() && number.front() == 0)
      number = number.subspan(1);
    return number;
  }

  bool all_taken() const { return good_ && rest_.empty(); }

 private:
  BytesView fail() {
    good_ = false;
    rest_ = {};
    return {};
  }

  BytesView rest_;
  bool good_ = true;
};

Bytes copied(BytesView bytes) {
  return {bytes.begin(), bytes.end()};
}

std::optional<KeyType> curve_of(const X509_ALGOR* algorithm) {
  int kind = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &kind, &value, algorithm);
  if (kind != V_ASN1_OBJECT) return std::nullopt;
  switch (OBJ_obj2nid(static_cast<const ASN1_OBJECT*>(value))) {
    case NID_X9_62_prime256v1:
      return KeyType::p256;
    case NID_secp384r1:
      return KeyType::p384;
    case NID_secp521r1:
      return KeyType::p521;
    default:
      return std::nullopt;
  }
}

std::optional<PrivateParts> ec_parts(BytesView content, const X509_ALGOR* algorithm) {
  const auto type = curve_of(algorithm);
  Der outer(content);
  Der key(outer.take(V_ASN1_SEQUENCE));
  const auto version = key.take_number();
  const auto d = key.take(V_ASN1_OCTET_STRING);
  Der bits(key.take(1, V_ASN1_CONTEXT_SPECIFIC));
  const auto point = bits.take(V_ASN1_BIT_STRING);
  if (!type || !outer.all_taken() || !key.all_taken() || !bits.all_taken()) return std::nullopt;
  const std::size_t size = ossl::field_size(*type);
  const bool usual = version.size() == 1 && version[0] == 1 && d.size() == size &&
                     point.size() == 2 + 2 * size && point[0] == 0 &&
                     point[1] == POINT_CONVERSION_UNCOMPRESSED;
  if (!usual) return std::nullopt;
  PrivateParts parts;
  parts.public_parts.type = *type;
  parts.public_parts.x = copied(point.subspan(2, size));
  parts.public_parts.y = copied(point.subspan(2 + size));
  parts.d = Secret::copy_of(d);
  return parts;
}

std::optional<PrivateParts> ed25519_parts(BytesView content) {
  Der key(content);
  const auto d = key.take(V_ASN1_OCTET_STRING);
  if (!key.all_taken() || d.size() != 32) return std::nullopt;
  const ossl::Pkey made(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, d.data(), d.size()));
  PrivateParts parts;
  parts.public_parts.type = KeyType::ed25519;
  parts.public_parts.x.resize(32);
  parts.d = Secret::copy_of(d);
  std::size_t size = 32;
  auto* x = parts.public_parts.x.data();
  if (!made || EVP_PKEY_get_raw_public_key(made.get(), x, &size) != 1) return std::nullopt;
  return parts;
}

std::optional<PrivateParts> rsa_parts(BytesView content) {
  Der outer(content);
  Der key(outer.take(V_ASN1_SEQUENCE));
  const auto version = key.take(V_ASN1_INTEGER);  // 0: two primes
  PrivateParts parts;
  parts.public_parts.type = KeyType::rsa;
  parts.public_parts.n = copied(key.take_number());
  parts.public_parts.e = copied(key.take_number());
  for (auto* number : {&parts.d, &parts.p, &parts.q, &parts.dp, &parts.dq, &parts.qi})
    *number = Secret::copy_of(key.take_number());
  const bool usual = outer.all_taken() && key.all_taken() && version.size() == 1 && version[0] == 0;
  return usual ? std::optional(std::move(parts)) : std::nullopt;
}

Info read_info(const Secret& text) {
  constexpr std::string_view kBegin = "-----BEGIN PRIVATE KEY-----";
  if (text.reveal_text().find(kBegin) == std::string_view::npos) return nullptr;
  if (!pem::check_frame(text.reveal_text(), "PRIVATE KEY")) return nullptr;
  const auto bytes = text.reveal();
  const ossl::Bio bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  if (!bio) return nullptr;
  return Info(PEM_read_bio_PKCS8_PRIV_KEY_INFO(bio.get(), nullptr, pem::no_passphrase, nullptr));
}

std::optional<PrivateParts> parts_of(const PKCS8_PRIV_KEY_INFO* info) {
  const ASN1_OBJECT* object = nullptr;
  const X509_ALGOR* algorithm = nullptr;
  const std::uint8_t* data = nullptr;
  int size = 0;
  if (PKCS8_pkey_get0(&object, &data, &size, &algorithm, info) != 1) return std::nullopt;
  const BytesView content(data, static_cast<std::size_t>(std::max(size, 0)));
  switch (OBJ_obj2nid(object)) {
    case NID_X9_62_id_ecPublicKey:
      return ec_parts(content, algorithm);
    case NID_ED25519:
      return ed25519_parts(content);
    case NID_rsaEncryption:
      return rsa_parts(content);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<PrivateParts> read_usual(const Secret& pem) {
  const Info info = read_info(pem);
  auto parts = info ? parts_of(info.get()) : std::nullopt;
  if (!parts) ERR_clear_error();
  return parts;
}

}  // namespace mcpauth::crypto::pkcs8
