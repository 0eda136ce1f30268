// Compares jose::verify (base64url, JSON, header rules, key choice, signature and claims) with the
// signature check alone. The latter is OpenSSL's EVP interface on the same messages and signatures,
// decoded before measuring, in the two usual forms: one context per message, and one context for
// all. The rounds alternate, so that a change of the machine's speed affects all of them.

#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "core/codec/base64url.hpp"
#include "core/jose/verify.hpp"

namespace {

using namespace mcpauth;
using crypto::Algorithm;
using Seconds = std::chrono::duration<double>;

constexpr Instant kNow = Instant{std::chrono::seconds(1'800'000'000)};

constexpr std::size_t kBlock = 50;

struct Sample {
  std::string token;
  std::string message;
  Bytes signature;  ///< in OpenSSL's form
};

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "jose_verify: %s\n", what);
  std::exit(1);
}

Bytes der_of(const Bytes& raw) {
  const int half = static_cast<int>(raw.size() / 2);
  ECDSA_SIG* signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, BN_bin2bn(raw.data(), half, nullptr),
                 BN_bin2bn(raw.data() + half, half, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature, &der);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  ECDSA_SIG_free(signature);
  return bytes;
}

std::vector<Sample> make_samples(const jose::SigningKey& key, std::size_t count) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const json::Object claims{{"iss", "https://auth.example.com"},
                              {"sub", "user-" + std::to_string(100'000 + i)},
                              {"aud", "https://hr.internal.example.com"},
                              {"exp", 1'800'000'600},
                              {"iat", 1'800'000'000},
                              {"nbf", 1'800'000'000},
                              {"jti", "AAECAwQFBgcICQoL" + std::to_string(100'000 + i)},
                              {"client_id", "mcpauth"},
                              {"scope", "db:read:employee db:read:team db:write:leave"},
                              {"org_id", "acme"},
                              {"roles", json::Array{"hr-reader", "hr-admin"}},
                              {"idp", "okta"},
                              {"sub_kind", "user"}};
    const auto token = jose::sign_jwt(key, "at+jwt", claims);
    if (!token) die("cannot sign");
    auto jws = jose::parse_jws(*token);
    if (!jws) die("cannot parse");
    const bool ec = key.alg == Algorithm::es256;
    samples.push_back({.token = *token,
                       .message = std::string(jws->signing_input),
                       .signature = ec ? der_of(jws->signature) : jws->signature});
  }
  return samples;
}

using Pkey = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* key) { EVP_PKEY_free(key); })>;

Pkey bare_key(const jose::SigningKey& key) {
  const std::string pem = key.key.public_key().to_pem();
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  Pkey read(PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr));
  BIO_free(bio);
  if (!read) die("cannot read the key");
  return read;
}

/// The usual code: everything is created again for each message.
void bare_fresh(EVP_PKEY* key, std::span<const Sample> samples) {
  const bool hashes = EVP_PKEY_is_a(key, "ED25519") == 0;
  for (const Sample& sample : samples) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const auto* message = bytes_of(sample.message).data();
    if (EVP_DigestVerifyInit(context, nullptr, hashes ? EVP_sha256() : nullptr, nullptr, key) !=
            1 ||
        EVP_DigestVerify(context, sample.signature.data(), sample.signature.size(), message,
                         sample.message.size()) != 1) {
      die("bare verification failed");
    }
    EVP_MD_CTX_free(context);
  }
}

/// Everything that can be shared is created once: the fastest form with OpenSSL.
void bare_reused(EVP_PKEY* key, std::span<const Sample> samples) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return bare_fresh(key, samples);
  EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* hash = EVP_MD_CTX_new();
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
  EVP_PKEY_verify_init(context);
  EVP_PKEY_CTX_set_signature_md(context, sha256);
  for (const Sample& sample : samples) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestInit_ex2(hash, sha256, nullptr);
    EVP_DigestUpdate(hash, sample.message.data(), sample.message.size());
    EVP_DigestFinal_ex(hash, digest, &size);
    if (EVP_PKEY_verify(context, sample.signature.data(), sample.signature.size(), digest, size) !=
        1) {
      die("bare verification failed");
    }
  }
  EVP_PKEY_CTX_free(context);
  EVP_MD_CTX_free(hash);
  EVP_MD_free(sha256);
}

void ours(const jose::KeySet& keys, const jose::Expectations& expect,
          std::span<const Sample> samples) {
  for (const Sample& sample : samples) {
    const auto report = jose::verify(sample.token, keys, expect, kNow);
    if (report.verdict != jose::Verdict::valid) die("a token was refused");
  }
}

void in_two_threads(const std::function<void()>& work) {
  std::jthread other(work);
  work();
}

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

/// CPU time of this thread only, so that other load on the machine does not count.
double cpu_seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double start = now();
  work();
  return now() - start;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double median_ratio(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size(); ++i)
    ratios.push_back(a[i] / b[i]);
  return median(std::move(ratios));
}

void measure(Algorithm alg, crypto::KeyType type, std::size_t count, unsigned rounds) {
  auto key = crypto::PrivateKey::generate(type);
  if (!key) die("cannot make a key");
  const jose::SigningKey signing{.key = *std::move(key), .alg = alg, .kid = "bench-key-2027-01"};
  const auto samples = make_samples(signing, count);
  const Pkey bare = bare_key(signing);
  const jose::KeySet keys({{.key = signing.key.public_key(), .kid = signing.kid, .alg = alg}});
  const jose::Expectations expect{.audiences = {"https://hr.internal.example.com"},
                                  .issuers = {"https://auth.example.com"},
                                  .org = "acme",
                                  .scopes = {"db:read:employee"}};
  std::vector<double> fresh;
  std::vector<double> reused;
  std::vector<double> one;
  double alone = 1e9;
  double two = 1e9;
  const auto judge = [&] { ours(keys, expect, samples); };
  for (unsigned round = 0; round < rounds; ++round) {
    fresh.push_back(0);
    reused.push_back(0);
    one.push_back(0);
    // Alternate in short blocks, so that all three run under the same load.
    for (std::size_t at = 0; at < count; at += kBlock) {
      const auto block = std::span(samples).subspan(at, std::min(kBlock, count - at));
      fresh.back() += cpu_seconds_of([&] { bare_fresh(bare.get(), block); });
      reused.back() += cpu_seconds_of([&] { bare_reused(bare.get(), block); });
      one.back() += cpu_seconds_of([&] { ours(keys, expect, block); });
    }
    alone = std::min(alone, seconds_of(judge));
    two = std::min(two, seconds_of([&] { in_two_threads(judge); }));
  }
  const auto n = static_cast<double>(count);
  std::printf(
      "%-6s bare/s %7.0f  reused/s %7.0f  verify/s %7.0f  ratio %.3f (reused %.3f)  "
      "two threads %.2fx\n",
      std::string(crypto::name(alg)).c_str(), n / median(fresh), n / median(reused),
      n / median(one), median_ratio(fresh, one), median_ratio(reused, one), 2 * alone / two);
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned rounds = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 15;
  measure(Algorithm::es256, crypto::KeyType::p256, 2000, rounds);
  measure(Algorithm::eddsa, crypto::KeyType::ed25519, 2000, rounds);
  measure(Algorithm::rs256, crypto::KeyType::rsa, 4000, rounds);
}
