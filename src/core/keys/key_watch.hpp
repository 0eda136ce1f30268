#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/base/result.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::keys {

/// Where published keys come from.
struct KeyPlace {
  enum class Kind { ring, file } kind = Kind::ring;
  std::filesystem::path path;  ///< the ring's directory, or a JWKS file
};

/// Reads the public keys of a place.
Result<jose::KeySet> load_keys(const KeyPlace& place);

/// Checks each second whether the keys of a place have changed. When they cannot be read, the last
/// good keys stay, the error is reported once, and reading is tried again each second.
class KeyWatch {
 public:
  struct Calls {
    /// Called with new keys. After an error it is called again with them.
    std::function<Result<void>(const jose::KeySet&)> publish;
    std::function<void(const Error&)> complain;  ///< the keys cannot be read or published
  };

  /// `known` are the keys that are already published. The calls come from a thread of its own and
  /// from `look`, one at a time.
  KeyWatch(KeyPlace place, const jose::KeySet& known, Calls calls,
           std::chrono::milliseconds period = std::chrono::milliseconds(1000));
  KeyWatch(const KeyWatch&) = delete;
  KeyWatch& operator=(const KeyWatch&) = delete;
  ~KeyWatch();

  /// Reads the keys now, changed or not.
  void look();

 private:
  /// Differs when the file has changed.
  struct Mark {
    unsigned long device = 0, inode = 0;
    long size = -1, modified_s = 0, modified_ns = 0, changed_s = 0, changed_ns = 0;
    bool operator==(const Mark&) const = default;
  };

  Mark mark() const;
  void reload();
  Result<void> publish();
  void run(const std::stop_token& stop, std::chrono::milliseconds period);

  const KeyPlace place_;
  const Calls calls_;
  std::mutex mutex_;
  std::condition_variable_any tick_;
  Mark seen_;
  std::string trouble_;    ///< the error that was reported last; empty when all is well
  std::string published_;  ///< the document
  std::jthread thread_;
};

}  // namespace mcpauth::keys
