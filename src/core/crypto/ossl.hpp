#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "core/crypto/algorithm.hpp"
#include "core/crypto/key.hpp"

// Private to core/crypto: the only header of the project that includes OpenSSL's. OpenSSL loads its
// configuration file as usual. Skipping it would save a twentieth of a cold start, but operators
// choose providers there, such as FIPS, and those must not be bypassed.
namespace mcpauth::crypto::ossl {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

/// Owns one OpenSSL object; as small as a raw pointer.
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

using Bignum = Owned<BIGNUM, BN_clear_free>;  // wiped, because any may be a private number
using BnCtx = Owned<BN_CTX, BN_CTX_free>;
using Bio = Owned<BIO, BIO_free_all>;
using EcdsaSig = Owned<ECDSA_SIG, ECDSA_SIG_free>;
using MdCtx = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Pkey = Owned<EVP_PKEY, EVP_PKEY_free>;
using PkeyCtx = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
static_assert(sizeof(Pkey) == sizeof(EVP_PKEY*));

/// Empties the thread's OpenSSL error queue into one Error, so that no later call can report it.
Error failure(std::string_view doing);

/// A key that cannot be used: Errc::input, reason::kKeyInvalid.
Error invalid_key(std::string message);

/// The digest of an algorithm; null for Ed25519, which has none. Fetched once per process, because
/// an implicit fetch costs about a microsecond and a lock per call.
const EVP_MD* digest_of(Algorithm algorithm);

/// Sets the digest and the padding of an initialised context for signing or verifying.
bool configure(EVP_PKEY_CTX* context, Algorithm algorithm);

/// A list of OSSL_PARAMs that owns its numbers. They are wiped: some of them are private.
class Params {
 public:
  void number(const char* name, BytesView big_endian);
  void octets(const char* name, BytesView bytes);
  void text(const char* name, const char* value);  ///< `value` must outlive this
  /// Makes a key of them; null when OpenSSL refuses.
  Pkey make_key(const char* type, int selection);

 private:
  std::vector<Secret> storage_;
  std::vector<OSSL_PARAM> params_;
};

/// The length of a coordinate and of a private number: 32, 48 or 66 bytes; 32 for Ed25519.
std::size_t field_size(KeyType type);
/// OpenSSL's name of a type of key: "EC", "ED25519", "RSA".
const char* type_name(KeyType type);
/// OpenSSL's name of an elliptic curve.
const char* group_name(KeyType type);
/// The type of an existing key. An unsupported type is an error.
Result<KeyType> type_of(const EVP_PKEY* key);
/// The public numbers of an existing key. Fails only when the library does.
Result<PublicParts> public_parts(const EVP_PKEY* key, KeyType type);
/// The uncompressed point 04 || x || y of an EC key.
Bytes point(const PublicParts& parts);

}  // namespace mcpauth::crypto::ossl
