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

/// Looks each second whether the keys of a place have changed. What cannot be read replaces
/// nothing: the keys that were good stay, the trouble is told once, and it is tried again until it
/// is gone.
class KeyWatch {
 public:
  struct Calls {
    /// The keys are new. On an error they are not published, and it is tried again.
    std::function<Result<void>(const jose::KeySet&)> publish;
    std::function<void(const Error&)> complain;  ///< they cannot be read or published
  };

  /// `known` are the keys that are published already. Calls come from a thread of its own, and from
  /// `look`; never two at once.
  KeyWatch(KeyPlace place, const jose::KeySet& known, Calls calls,
           std::chrono::milliseconds period = std::chrono::milliseconds(1000));
  KeyWatch(const KeyWatch&) = delete;
  KeyWatch& operator=(const KeyWatch&) = delete;
  ~KeyWatch();

  /// Reads the keys now, changed or not.
  void look();

 private:
  /// What tells one state of a file from the next.
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
  std::string trouble_;    ///< what was told last; empty when all is well
  std::string published_;  ///< the document
  std::jthread thread_;
};

}  // namespace mcpauth::keys
