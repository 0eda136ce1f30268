#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <random>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/keys/store.hpp"
#include "help.hpp"
#include "support/temp_dir.hpp"

// A change writes private files, then ring.json, then removes what nobody needs. Here it is cut off
// at each of these places.
namespace mcpauth::keys {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;
using test::contains;
using test::kStart;

using Files = std::map<std::string, std::string>;

Files files_in(const fs::path& directory) {
  Files files;
  for (const auto& name : test::names_in(directory)) {
    files[name] = read_file(directory / name).value();
  }
  return files;
}

void put_back(const fs::path& directory, const Files& files) {
  for (const auto& name : test::names_in(directory))
    fs::remove(directory / name);
  for (const auto& [name, content] : files) {
    REQUIRE(write_file(directory / name, bytes_of(content), Overwrite::no));
  }
}

struct Cut {
  std::string_view where;
  Files files;
  bool done;  ///< whether the ring is as after the change
};

std::vector<Cut> cuts(const Files& before, const Files& after) {
  Files writing = before;
  Files written = before;
  for (const auto& [name, content] : after) {
    if (before.contains(name)) continue;
    writing[name + ".tmp-aB3dE6"] = content.substr(0, content.size() / 2);
    written[name] = content;
  }
  Files indexing = written;
  indexing["ring.json.tmp-aB3dE6"] = after.at("ring.json").substr(0, 100);
  Files undeleted = before;
  for (const auto& [name, content] : after)
    undeleted[name] = content;
  return {{"a private file is half written", writing, false},
          {"the private files are written", written, false},
          {"ring.json is half written", indexing, false},
          {"ring.json is written, old files are there", undeleted, true}};
}

/// Cuts one change off everywhere, and sees that the ring works and that the next change cleans up.
void cut_off(const std::function<void(Ring&)>& prepare, const std::function<void(Ring&)>& change,
             Instant then) {
  const mcpauth::test::TempDir dir;
  const fs::path keys = dir / "keys";
  Ring ring = Ring::create(keys, test::new_key(), kStart).value();
  prepare(ring);
  const auto before = files_in(keys);
  const std::string active_before = ring.active().kid;
  change(ring);
  const auto after = files_in(keys);
  const std::string active_after = ring.active().kid;
  for (const Cut& cut : cuts(before, after)) {
    CAPTURE(cut.where);
    put_back(keys, cut.files);
    auto opened = Ring::open(keys);
    REQUIRE(opened);
    CHECK(opened->active().kid == (cut.done ? active_after : active_before));
    CHECK(opened->active_key());
    const auto left = opened->leftovers();
    const auto report = opened->rotate({}, then);
    REQUIRE(report);
    for (const auto& name : left) {
      CHECK(std::ranges::find(report->steps, "removed left-over file `" + name + "`") !=
            report->steps.end());
      CHECK_FALSE(fs::exists(keys / name));
    }
    CHECK(opened->leftovers().empty());
    CHECK(opened->active_key());
  }
}

}  // namespace

TEST_CASE("keys/crash: making the next key can be cut off anywhere") {
  cut_off([](Ring&) {}, [](Ring& ring) { REQUIRE(ring.rotate({}, kStart, true)); }, kStart);
}

TEST_CASE("keys/crash: the turn from one key to the next can be cut off anywhere") {
  const Instant turn = kStart + minutes(10);
  cut_off([](Ring& ring) { REQUIRE(ring.rotate({}, kStart, true)); },
          [turn](Ring& ring) { REQUIRE(ring.rotate({}, turn)); }, kStart);
}

TEST_CASE("keys/crash: taking a leaked key out can be cut off anywhere") {
  cut_off([](Ring&) {}, [](Ring& ring) { REQUIRE(ring.retire(ring.active().kid, kStart)); },
          kStart);
}

TEST_CASE("keys/crash: a private key that should be gone is reported until it is") {
  const mcpauth::test::TempDir dir;
  const fs::path keys = dir / "keys";
  Ring ring = Ring::create(keys, test::new_key(), kStart).value();
  const std::string leaked = ring.active().kid;
  const auto pem = read_file(store::private_path(keys, leaked)).value();
  REQUIRE(ring.retire(leaked, kStart));
  REQUIRE(write_file(store::private_path(keys, leaked), bytes_of(pem), Overwrite::no));
  CHECK(Ring::open(keys)->leftovers() == std::vector<std::string>{leaked + ".pem"});
}

TEST_CASE("keys/crash: a ring.json that was being written does not stay for ever") {
  const mcpauth::test::TempDir dir;
  const fs::path keys = dir / "keys";
  Ring ring = Ring::create(keys, test::new_key(), kStart).value();
  REQUIRE(write_file(keys / "ring.json.tmp-aB3dE6", bytes_of("{"), Overwrite::no));
  CHECK(Ring::open(keys)->leftovers() == std::vector<std::string>{"ring.json.tmp-aB3dE6"});
  REQUIRE(ring.rotate({}, kStart));
  CHECK_FALSE(fs::exists(keys / "ring.json.tmp-aB3dE6"));
  CHECK(ring.leftovers().empty());
}

TEST_CASE("keys/crash: making a ring can be cut off, and done again") {
  const mcpauth::test::TempDir dir;
  const fs::path keys = dir / "keys";
  {
    const auto ring = Ring::create(keys, test::new_key(), kStart).value();
  }
  fs::remove(keys / "ring.json");
  CHECK(contains(Ring::open(keys).error().message, "there is no key ring"));
  const auto ring = Ring::create(keys, test::new_key(), kStart);
  REQUIRE(ring);
  CHECK(ring->leftovers().empty());
  CHECK(test::names_in(keys).size() == 3);
}

TEST_CASE("keys/crash: a process that rotates can be killed at any moment") {
  const mcpauth::test::TempDir dir;
  const fs::path keys = dir / "keys";
  REQUIRE(Ring::create(keys, test::new_key(), kStart));
  std::mt19937 random(11);
  Instant now = kStart;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (Instant then = now;; then += minutes(11)) {
        auto ring = Ring::open(keys);
        const bool fine = ring && ring->rotate({}, then, true) && ::write(ends[1], ".", 1) == 1;
        if (!fine) ::_exit(1);
      }
    }
    ::close(ends[1]);
    char dot = 0;
    for (auto runs = 1 + random() % 4; runs > 0; --runs)
      REQUIRE(::read(ends[0], &dot, 1) == 1);
    std::atomic<bool> never{false};
    for (auto spin = random() % 2'000'000; spin > 0 && !never; --spin) {
    }
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    ::close(ends[0]);

    auto ring = Ring::open(keys);
    REQUIRE(ring);
    REQUIRE(ring->active_key());
    for (const Entry& entry : ring->entries()) {
      now = std::max({now, entry.created, entry.activated.value_or(now)});
    }
    REQUIRE(ring->rotate({}, now));
    CHECK(ring->leftovers().empty());
  }
}

}  // namespace mcpauth::keys
