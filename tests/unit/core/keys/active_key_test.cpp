#include "core/keys/active_key.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/temp_dir.hpp"
#include "unit/core/keys/help.hpp"

namespace mcpauth::keys::test {
namespace {

using namespace std::chrono_literals;

/// A watch that looks only when told to, and what it has called.
struct Watched {
  explicit Watched(const std::filesystem::path& ring)
      : key(ActiveKey::watch(
            ring,
            {.replace = [this](const auto& next) { kids.push_back(next->kid); },
             .complain = [this](const Error& error) { complaints.push_back(error.message); }},
            1h)) {}

  std::vector<std::string> kids;
  std::vector<std::string> complaints;
  Result<std::unique_ptr<ActiveKey>> key;
};

}  // namespace

TEST_CASE("keys/active_key: the key is handed over once at first and again after a rotation") {
  const mcpauth::test::TempDir dir;
  auto ring = Ring::create(dir / "ring", new_key(), kStart);
  REQUIRE(ring);
  const std::string first = ring->active().kid;
  Watched watched(dir / "ring");
  REQUIRE(watched.key);
  CHECK(watched.kids == std::vector{first});
  REQUIRE(ring->rotate({}, kStart, true));  // publishes the next key; the first one still signs
  (*watched.key)->look();
  CHECK(watched.kids == std::vector{first});
  REQUIRE(ring->rotate({}, kStart + 600s));
  (*watched.key)->look();
  CHECK(watched.kids == std::vector{first, ring->active().kid});
  CHECK(watched.complaints.empty());
}

TEST_CASE("keys/active_key: a ring that cannot be read keeps the key and is complained about") {
  const mcpauth::test::TempDir dir;
  CHECK_FALSE(Watched(dir / "none").key);
  REQUIRE(Ring::create(dir / "ring", new_key(), kStart));
  Watched watched(dir / "ring");
  REQUIRE(watched.key);
  std::filesystem::rename(dir / "ring", dir / "gone");
  (*watched.key)->look();
  CHECK(watched.kids.size() == 1);
  CHECK(watched.complaints.size() == 1);
  std::filesystem::rename(dir / "gone", dir / "ring");
  (*watched.key)->look();
  CHECK(watched.kids.size() == 1);
}

}  // namespace mcpauth::keys::test
