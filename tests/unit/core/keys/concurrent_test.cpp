#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "help.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::keys {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;
using test::contains;
using test::kStart;

// Drains long, because a thread may be held up for many of these quick rotations.
constexpr Rotation kQuick{.period = seconds(1800), .drain = std::chrono::hours(100)};

/// How often each thing was said to be done.
std::size_t count_of(const std::vector<std::string>& steps, std::string_view what) {
  return static_cast<std::size_t>(
      std::ranges::count_if(steps, [&](const auto& step) { return contains(step, what); }));
}

}  // namespace

TEST_CASE("keys/concurrent: threads that rotate at once take each step once, and it always signs") {
  const mcpauth::test::TempDir dir;
  const fs::path keys = dir / "keys";
  REQUIRE(Ring::create(keys, test::new_key(), kStart));
  std::atomic<std::int64_t> elapsed{0};
  std::atomic<int> wrong{0};
  std::mutex guard;
  std::vector<std::string> steps;

  const auto rotate = [&] {
    for (int run = 0; run < 40; ++run) {
      const Instant now = kStart + seconds(elapsed.fetch_add(200));
      auto ring = Ring::open(keys);
      auto report = ring ? ring->rotate(kQuick, now) : ring.error();
      if (!report) {
        ++wrong;
        continue;
      }
      const std::lock_guard hold(guard);
      steps.insert(steps.end(), report->steps.begin(), report->steps.end());
    }
  };
  std::atomic<bool> done{false};
  const auto sign = [&] {
    while (!done) {
      const auto ring = Ring::open(keys);
      const auto key = ring ? ring->active_key() : ring.error();
      // Opened after the key was read, so that what signs must be among what is published.
      const auto then = Ring::open(keys);
      if (!key || !then || then->public_keys().with_kid(key->kid).empty()) ++wrong;
    }
  };
  std::thread signer(sign);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back(rotate);
  for (auto& thread : threads)
    thread.join();
  done = true;
  signer.join();

  CHECK(wrong == 0);
  std::set<std::string> different(steps.begin(), steps.end());
  CHECK(different.size() == steps.size());
  CHECK(count_of(steps, "signs now") >= 5);
  CHECK(count_of(steps, "signs now") == count_of(steps, "retired"));
}

TEST_CASE("keys/concurrent: processes that rotate at the same second agree") {
  const mcpauth::test::TempDir dir;
  const fs::path keys = dir / "keys";
  REQUIRE(Ring::create(keys, test::new_key(), kStart));
  for (int round = 1; round <= 12; ++round) {
    const Instant now = kStart + round * minutes(10);
    std::vector<pid_t> children;
    for (int i = 0; i < 3; ++i) {
      const pid_t child = ::fork();
      REQUIRE(child >= 0);
      if (child == 0) {
        auto ring = Ring::open(keys);
        ::_exit(ring && ring->rotate(kQuick, now) ? 0 : 1);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      REQUIRE(::waitpid(child, &status, 0) == child);
      CHECK(status == 0);
    }
    auto ring = Ring::open(keys);
    REQUIRE(ring);
    CHECK(ring->leftovers().empty());
    CHECK(ring->active_key());
    CHECK(ring->rotate(kQuick, now)->steps.empty());
    CHECK(ring->entries().size() <= 6);
  }
}

}  // namespace mcpauth::keys
