#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/reason.hpp"
#include "core/jose/jwk.hpp"

namespace mcpauth::jose {

/// A key of a set that cannot be used, and why.
struct SkippedKey {
  std::size_t index = 0;
  std::string kid = {};
  std::string_view reason = {};
  std::string message = {};
};

/// A JWK Set (RFC 7517 section 5). Keys that cannot be used are skipped and listed, and so are
/// private and symmetric keys. Immutable.
class KeySet {
 public:
  static constexpr std::size_t kMaxBytes = 512 * 1024;
  static constexpr std::size_t kMaxKeys = 256;

  KeySet() = default;
  explicit KeySet(std::vector<Jwk> keys);

  /// Reads a JWKS document, a single JWK or a SPKI PEM. Not JSON, not a key set or over the limits:
  /// Errc::input. A document that leaves no usable key is an error with reason kKeySetUnusable.
  static Result<KeySet> parse(std::string_view text);

  const std::vector<Jwk>& keys() const { return keys_; }
  const std::vector<SkippedKey>& skipped() const { return skipped_; }
  /// Every key with this kid (there may be several of different algorithms).
  std::vector<const Jwk*> with_kid(std::string_view kid) const;
  /// {"keys":[...]} with public members only.
  std::string to_json() const;

 private:
  std::vector<Jwk> keys_;
  std::vector<SkippedKey> skipped_;
};

/// Where a verifier gets its keys. A file is fixed; an issuer's set can be fetched again.
class KeySource {
 public:
  virtual ~KeySource() = default;
  /// The set as it is known now. Fetches it the first time.
  virtual Result<std::shared_ptr<const KeySet>> keys() = 0;
  /// Called when a token names a `kid` that is not in the set. Fetches the set again if that is
  /// possible and not throttled, and gives the set as it is then.
  virtual Result<std::shared_ptr<const KeySet>> keys_after_unknown(std::string_view kid) = 0;
};

class FixedKeys final : public KeySource {
 public:
  explicit FixedKeys(KeySet set) : set_(std::make_shared<const KeySet>(std::move(set))) {}
  Result<std::shared_ptr<const KeySet>> keys() override { return set_; }
  Result<std::shared_ptr<const KeySet>> keys_after_unknown(std::string_view) override {
    return set_;
  }

 private:
  std::shared_ptr<const KeySet> set_;
};

}  // namespace mcpauth::jose
