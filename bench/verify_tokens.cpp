// Tokens for the bulk verify row, and the rate of OpenSSL alone on the same signatures.
//   bench_verify_tokens make ALG COUNT TOKENS JWKS    writes COUNT distinct tokens and the key set
//   bench_verify_tokens bare ALG COUNT TOKENS JWKS    prints EVP_DigestVerify calls per second
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "core/codec/base64url.hpp"
#include "core/jose/jwks.hpp"
#include "core/jose/jws.hpp"

namespace {

using namespace mcpauth;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

crypto::KeyType key_type(crypto::Algorithm alg) {
  for (const auto type : {crypto::KeyType::p256, crypto::KeyType::p384, crypto::KeyType::p521,
                          crypto::KeyType::ed25519, crypto::KeyType::rsa}) {
    if (crypto::fits(alg, type)) return type;
  }
  fail("no key type has this algorithm");
}

void make(crypto::Algorithm alg, long count, const char* tokens, const char* jwks) {
  auto key = crypto::PrivateKey::generate(key_type(alg));
  if (!key) fail(key.error().message);
  const auto kid = jose::thumbprint(key->public_key());
  std::ofstream(jwks) << json::write(
      json::Object{{"keys", json::Array{jose::to_jwk(key->public_key(), kid, alg)}}});
  const jose::SigningKey signing{*std::move(key), alg, kid};
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  std::ofstream out(tokens);
  for (long i = 0; i < count; ++i) {
    const auto token = jose::sign_jwt(signing, "at+jwt",
                                      {{"iss", "https://auth.example.com"},
                                       {"sub", "user-" + std::to_string(i)},
                                       {"aud", "https://hr.internal"},
                                       {"exp", std::int64_t{now + 86400}},
                                       {"iat", std::int64_t{now}},
                                       {"nbf", std::int64_t{now}},
                                       {"jti", "jti-" + std::to_string(i)},
                                       {"client_id", "agent"},
                                       {"scope", "db:read:employee db:read:team"},
                                       {"org_id", "acme"}});
    if (!token) fail(token.error().message);
    out << *token << '\n';
  }
}

struct Signed {
  std::string message;
  Bytes signature;  ///< in OpenSSL's form: DER for EC
};

Bytes to_der(const Bytes& raw) {
  const auto half = raw.size() / 2;
  ECDSA_SIG* pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(pair, BN_bin2bn(raw.data(), static_cast<int>(half), nullptr),
                 BN_bin2bn(raw.data() + half, static_cast<int>(half), nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  Bytes out(der, der + size);
  OPENSSL_free(der);
  ECDSA_SIG_free(pair);
  return out;
}

double bare(crypto::Algorithm alg, const char* tokens, const char* jwks) {
  std::ifstream set_file(jwks);
  const auto set = jose::KeySet::parse(std::string(std::istreambuf_iterator<char>(set_file), {}));
  if (!set) fail(set.error().message);
  const std::string pem = set->keys().front().key.to_pem();
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);

  std::vector<Signed> all;
  std::ifstream in(tokens);
  for (std::string line; std::getline(in, line);) {
    const auto dot = line.rfind('.');
    auto signature = base64url::decode(std::string_view(line).substr(dot + 1));
    if (!signature) fail(signature.error().message);
    const bool ec = alg == crypto::Algorithm::es256;
    all.push_back({line.substr(0, dot), ec ? to_der(*signature) : *std::move(signature)});
  }
  EVP_MD* md = alg == crypto::Algorithm::eddsa ? nullptr : EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto start = std::chrono::steady_clock::now();
  for (const auto& [message, signature] : all) {
    EVP_MD_CTX_reset(context);
    if (EVP_DigestVerifyInit(context, nullptr, md, nullptr, key) != 1) fail("init");
    const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
    if (EVP_DigestVerify(context, signature.data(), signature.size(), bytes, message.size()) != 1) {
      fail("a signature is wrong");
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EVP_MD_CTX_free(context);
  EVP_MD_free(md);
  EVP_PKEY_free(key);
  return static_cast<double>(all.size()) / took.count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) fail("usage: bench_verify_tokens make|bare ALG COUNT TOKENS JWKS");
  const auto alg = crypto::algorithm_named(argv[2]);
  if (!alg) fail("unknown algorithm");
  if (std::string_view(argv[1]) == "make") {
    make(*alg, std::atol(argv[3]), argv[4], argv[5]);
  } else {
    std::printf("%f\n", bare(*alg, argv[4], argv[5]));
  }
}
