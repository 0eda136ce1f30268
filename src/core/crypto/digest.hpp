#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/random.hpp"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace mcpauth::crypto {

/// Call at the start of a program. OpenSSL then leaves its tables to the end of the process, which
/// costs nothing, and does not free them one by one.
void leave_tables_at_exit();

using Digest256 = std::array<std::uint8_t, 32>;

Digest256 sha256(BytesView bytes);

/// SHA-256 of data that comes in parts. Reusable, without a new OpenSSL context for each digest.
class Sha256 {
 public:
  Sha256();

  void start();
  void add(BytesView bytes);
  Digest256 finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Compares in a time that depends only on the lengths. All comparisons of secrets use it.
bool equal(BytesView a, BytesView b);

/// OpenSSL's generator. Ends the process if it fails.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// 128 random bits as 22 characters of base64url: `jti`, request ids, ETag salts.
std::string random_id(Random& random);

}  // namespace mcpauth::crypto
