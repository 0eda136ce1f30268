#include "core/keys/key_watch.hpp"

#include <atomic>
#include <filesystem>
#include <vector>

#include <doctest/doctest.h>

#include "core/keys/ring.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::keys {
namespace {

using namespace std::chrono_literals;
using test::TempDir;

constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

jose::SigningKey new_key() {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::p256);
  REQUIRE(key);
  auto kid = jose::thumbprint(key->public_key());
  return {.key = *std::move(key), .alg = crypto::Algorithm::es256, .kid = std::move(kid)};
}

std::string key_set_text() {
  const auto key = new_key();
  return jose::KeySet({{.key = key.key.public_key(), .kid = key.kid}}).to_json();
}

/// Puts a file in place in one step, as an editor or a deployment does.
void replace(const TempDir& directory, std::string_view text) {
  std::filesystem::rename(directory.write("new", text), directory / "jwks.json");
}

/// A watch and what it has called.
class Watched {
 public:
  explicit Watched(const KeyPlace& place) {
    const auto known = load_keys(place);
    REQUIRE(known);
    watch_ = std::make_unique<KeyWatch>(
        place, *known,
        KeyWatch::Calls{.publish = [this](const auto& keys) -> Result<void> {
                          if (refuse_) return Error{.code = Errc::io, .message = "refused"};
                          note(keys.to_json());
                          return {};
                        },
                        .complain = [this](const auto& error) { note("! " + error.message); }},
        10ms);
  }

  KeyWatch& watch() { return *watch_; }
  /// From now on what is published is refused, or no longer.
  void refuse(bool refuse) { refuse_ = refuse; }
  /// The next call, or "nothing" after ten seconds.
  std::string next() {
    std::unique_lock lock(mutex_);
    if (!called_.wait_for(lock, 10s, [this] { return read_ < calls_.size(); })) return "nothing";
    return calls_[read_++];
  }
  std::size_t unread() {
    const std::scoped_lock lock(mutex_);
    return calls_.size() - read_;
  }

 private:
  void note(std::string what) {
    const std::scoped_lock lock(mutex_);
    calls_.push_back(std::move(what));
    called_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable called_;
  std::vector<std::string> calls_;
  std::size_t read_ = 0;
  std::atomic<bool> refuse_ = false;
  std::unique_ptr<KeyWatch> watch_;
};

}  // namespace

TEST_CASE("keys/key_watch: a new key set is published without being asked for") {
  const TempDir directory;
  replace(directory, key_set_text());
  Watched watched({.kind = KeyPlace::Kind::file, .path = directory / "jwks.json"});
  const auto text = key_set_text();
  replace(directory, text);
  CHECK(watched.next() == text);
}

TEST_CASE("keys/key_watch: a bad key set is reported once and the next good one is taken") {
  const TempDir directory;
  replace(directory, key_set_text());
  Watched watched({.kind = KeyPlace::Kind::file, .path = directory / "jwks.json"});
  replace(directory, "{\"keys\":[");
  const auto told = watched.next();
  CHECK(told.starts_with("! "));
  CHECK(told.find("jwks.json") != std::string::npos);
  // It has been tried again many times by when the good one is published.
  const auto text = key_set_text();
  replace(directory, text);
  CHECK(watched.next() == text);
  std::filesystem::remove(directory / "jwks.json");
  CHECK(watched.next().starts_with("! "));
  CHECK(watched.unread() == 0);
}

TEST_CASE("keys/key_watch: keys that could not be published are tried again") {
  const TempDir directory;
  replace(directory, key_set_text());
  Watched watched({.kind = KeyPlace::Kind::file, .path = directory / "jwks.json"});
  watched.refuse(true);
  const auto text = key_set_text();
  replace(directory, text);
  CHECK(watched.next() == "! refused");
  watched.refuse(false);
  CHECK(watched.next() == text);
}

TEST_CASE("keys/key_watch: a hangup looks at once, and tells again what is wrong") {
  const TempDir directory;
  replace(directory, key_set_text());
  Watched watched({.kind = KeyPlace::Kind::file, .path = directory / "jwks.json"});
  watched.watch().look();
  CHECK(watched.unread() == 0);  // nothing is new
  replace(directory, "");
  const auto told = watched.next();
  CHECK(told.starts_with("! "));
  watched.watch().look();
  CHECK(watched.next() == told);
}

TEST_CASE("keys/key_watch: a ring that is rotated publishes the next key") {
  const TempDir directory;
  auto ring = Ring::create(directory / "ring", new_key(), kNow);
  REQUIRE(ring);
  Watched watched({.kind = KeyPlace::Kind::ring, .path = directory / "ring"});
  REQUIRE(ring->add(new_key(), kNow));
  CHECK(watched.next() == ring->public_keys().to_json());
  CHECK(ring->public_keys().keys().size() == 2);
}

TEST_CASE("keys/key_watch: a place without keys is an error that names it") {
  const TempDir directory;
  const auto file = load_keys({.kind = KeyPlace::Kind::file, .path = directory / "none.json"});
  REQUIRE_FALSE(file);
  CHECK(file.error().message.find("none.json") != std::string::npos);
  const auto ring = load_keys({.kind = KeyPlace::Kind::ring, .path = directory / "none"});
  REQUIRE_FALSE(ring);
  CHECK(ring.error().code == Errc::not_found);
}

}  // namespace mcpauth::keys
