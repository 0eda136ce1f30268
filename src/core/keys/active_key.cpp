#include "core/keys/active_key.hpp"

#include <utility>

#include "core/keys/ring.hpp"

namespace mcpauth::keys {

Result<std::unique_ptr<ActiveKey>> ActiveKey::watch(const std::filesystem::path& ring, Calls calls,
                                                    std::chrono::milliseconds period) {
  std::unique_ptr<ActiveKey> key(new ActiveKey(ring, std::move(calls)));
  // The public keys first: if the ring changes in between, the watch finds a difference.
  const KeyPlace place{.kind = KeyPlace::Kind::ring, .path = ring};
  TRY(const auto known, load_keys(place));
  TRY_VOID(key->load());
  ActiveKey& self = *key;
  key->watch_ = std::make_unique<KeyWatch>(
      place, known,
      KeyWatch::Calls{.publish = [&self](const jose::KeySet&) { return self.load(); },
                      .complain = self.calls_.complain},
      period);
  return key;
}

Result<void> ActiveKey::load() {
  TRY(const auto ring, Ring::open(ring_));
  TRY(auto key, ring.active_key());
  if (key.kid == kid_) return {};
  kid_ = key.kid;
  calls_.replace(std::make_shared<const jose::SigningKey>(std::move(key)));
  return {};
}

}  // namespace mcpauth::keys
