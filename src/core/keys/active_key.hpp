#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "core/jose/jwk.hpp"
#include "core/keys/key_watch.hpp"

namespace mcpauth::keys {

/// Keeps a server's signing key up to date: reads the active key of a ring once and again after
/// each change of the ring, about a second later.
class ActiveKey {
 public:
  struct Calls {
    /// The key that signs from now on. Called by `watch` itself, then by a thread of its own, never
    /// twice at once.
    std::function<void(std::shared_ptr<const jose::SigningKey>)> replace;
    /// The ring or the key cannot be read. The key in use stays, and it is tried again.
    std::function<void(const Error&)> complain;
  };

  /// Reads the key, hands it to `replace` and starts to watch. Fails where the key cannot be read.
  static Result<std::unique_ptr<ActiveKey>> watch(
      const std::filesystem::path& ring, Calls calls,
      std::chrono::milliseconds period = std::chrono::milliseconds(1000));

  /// Looks at the ring now, changed or not.
  void look() { watch_->look(); }

 private:
  ActiveKey(std::filesystem::path ring, Calls calls)
      : ring_(std::move(ring)), calls_(std::move(calls)) {}
  Result<void> load();

  const std::filesystem::path ring_;
  const Calls calls_;
  std::string kid_;                  ///< of the key in use
  std::unique_ptr<KeyWatch> watch_;  ///< last: its thread uses the members above
};

}  // namespace mcpauth::keys
