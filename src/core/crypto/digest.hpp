#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/random.hpp"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace mcpauth::crypto {

/// For the start of a program: OpenSSL's tables are left to the end of the process, which takes
/// nothing, instead of being freed one by one.
void leave_tables_at_exit();

using Digest256 = std::array<std::uint8_t, 32>;

Digest256 sha256(BytesView bytes);

/// SHA-256 of what comes in parts, again and again without a new start of OpenSSL for each.
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

/// Compares in a time that depends only on the lengths. The one name for it.
bool equal(BytesView a, BytesView b);

/// OpenSSL's generator. Ends the process where it fails.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// 128 random bits as 22 characters of base64url: `jti`, request ids, ETag salts.
std::string random_id(Random& random);

}  // namespace mcpauth::crypto
