#include "core/keys/store.hpp"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "help.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::keys {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::kStart;

struct Fixture {
  mcpauth::test::TempDir dir;
  fs::path keys = dir / "keys";
  std::string kid = Ring::create(keys, test::new_key(), kStart).value().active().kid;

  std::string refusal() const {
    const auto ring = Ring::open(keys);
    return ring ? "opened" : ring.error().message;
  }
  fs::path pem() const { return store::private_path(keys, kid); }
};

mode_t mode_of(const fs::path& path) {
  struct stat info{};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "keys/store: the directory is 0700 and every file in it 0600") {
  CHECK(mode_of(keys) == 0700);
  CHECK(test::names_in(keys) == std::set<std::string>{"ring.json", "ring.lock", kid + ".pem"});
  for (const auto& name : test::names_in(keys))
    CHECK(mode_of(keys / name) == 0600);
}

TEST_CASE_FIXTURE(Fixture, "keys/store: a private key that others can read is refused") {
  for (const mode_t mode : {0640U, 0604U, 0620U, 0610U, 0601U}) {
    REQUIRE(::chmod(pem().c_str(), mode) == 0);
    CHECK(refusal() ==
          "`" + pem().string() + "` is part of a key ring and others can read or change it");
  }
}

TEST_CASE_FIXTURE(Fixture, "keys/store: a ring.json that others can change is refused") {
  REQUIRE(::chmod((keys / "ring.json").c_str(), 0660) == 0);
  CHECK(contains(refusal(), "others can read or change it"));
}

TEST_CASE_FIXTURE(Fixture, "keys/store: a directory that others can enter is refused") {
  REQUIRE(::chmod(keys.c_str(), 0755) == 0);
  const auto ring = Ring::open(keys);
  REQUIRE_FALSE(ring);
  CHECK(ring.error().code == Errc::io);
  CHECK(ring.error().hint == "chmod 700 " + keys.string());
}

TEST_CASE_FIXTURE(Fixture,
                  "keys/store: a link in place of a private key is refused, also one inside") {
  const auto outside = dir.write("outside.pem", read_file(pem()).value());
  fs::remove(pem());
  fs::create_symlink(outside, pem());
  CHECK(refusal() == "`" + pem().string() + "` is not a regular file");

  fs::remove(pem());
  fs::rename(outside, keys / "inside.pem");
  fs::create_symlink("inside.pem", pem());
  CHECK(refusal() == "`" + pem().string() + "` is not a regular file");
}

TEST_CASE_FIXTURE(Fixture, "keys/store: a link put in place after opening is not followed") {
  const auto ring = Ring::open(keys).value();
  const auto outside = dir.write("outside.pem", read_file(pem()).value());
  fs::remove(pem());
  fs::create_symlink(outside, pem());
  const auto key = ring.active_key();
  REQUIRE_FALSE(key);
  CHECK(key.error().message == "`" + pem().string() + "` is a symbolic link");
}

TEST_CASE_FIXTURE(Fixture, "keys/store: a link in place of ring.json or the lock is refused") {
  fs::rename(keys / "ring.json", dir / "ring.json");
  fs::create_symlink(dir / "ring.json", keys / "ring.json");
  CHECK(contains(refusal(), "ring.json` is a symbolic link"));
  fs::remove(keys / "ring.json");
  fs::rename(dir / "ring.json", keys / "ring.json");

  auto ring = Ring::open(keys).value();
  fs::remove(keys / "ring.lock");
  fs::create_symlink(dir / "elsewhere", keys / "ring.lock");
  const auto rotated = ring.rotate({}, kStart);
  REQUIRE_FALSE(rotated);
  CHECK(contains(rotated.error().message, "cannot lock"));
  CHECK_FALSE(fs::exists(dir / "elsewhere"));
}

TEST_CASE_FIXTURE(Fixture, "keys/store: a FIFO in place of a file is refused and nobody waits") {
  fs::remove(keys / "ring.json");
  REQUIRE(::mkfifo((keys / "ring.json").c_str(), 0600) == 0);
  CHECK(contains(refusal(), "is not a regular file"));
}

TEST_CASE_FIXTURE(Fixture,
                  "keys/store: a torn or emptied ring.json is an error that names the file") {
  const auto whole = read_file(keys / "ring.json").value();
  for (const std::string_view torn : {std::string_view{}, std::string_view(whole).substr(0, 100)}) {
    REQUIRE(write_file(keys / "ring.json", bytes_of(torn), Overwrite::yes));
    const auto ring = Ring::open(keys);
    REQUIRE_FALSE(ring);
    CHECK(ring.error().code == Errc::input);
    CHECK(contains(ring.error().message, "`" + (keys / "ring.json").string() + "`"));
  }
}

TEST_CASE_FIXTURE(Fixture, "keys/store: a lock that somebody keeps is not waited for without end") {
  auto first = store::Lock::take(keys);
  REQUIRE(first);
  const auto second = store::Lock::take(keys, std::chrono::milliseconds(20));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::io);
  CHECK(contains(second.error().message, "ring.lock"));
  CHECK(contains(second.error().hint, "fuser"));
}

TEST_CASE_FIXTURE(Fixture, "keys/store: no directory and no ring.json say what to do") {
  const auto none = Ring::open(dir / "none");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Errc::not_found);
  CHECK(none.error().hint == "mcpauth keygen --keys " + (dir / "none").string());
  fs::remove(keys / "ring.json");
  CHECK(refusal() == "there is no key ring in `" + keys.string() + "`");
}

TEST_CASE_FIXTURE(Fixture, "keys/store: files of other names are nobody's business") {
  dir.write("keys/README", "text");
  dir.write("keys/my.pem", "text");
  dir.write("keys/ring.json.backup", "text");
  dir.write("keys/ring.json.a-copy", "text");
  dir.write("keys/" + kid + ".pem.backup", "text");
  auto ring = Ring::open(keys).value();
  CHECK(ring.leftovers().empty());
  REQUIRE(ring.rotate({}, kStart, true));
  CHECK(test::names_in(keys).contains("my.pem"));
  CHECK(test::names_in(keys).contains("ring.json.backup"));
  CHECK(test::names_in(keys).contains("ring.json.a-copy"));
  CHECK(test::names_in(keys).contains("README"));
  CHECK(test::names_in(keys).contains(kid + ".pem.backup"));
}

}  // namespace mcpauth::keys
