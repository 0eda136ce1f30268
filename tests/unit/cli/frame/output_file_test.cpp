#include "cli/frame/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ostream>

#include <doctest/doctest.h>

#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

std::string failure_of(const Result<void>& result) {
  return result ? "none" : result.error().message + " / " + result.error().why;
}

auto entries(const fs::path& directory) {
  return std::distance(fs::directory_iterator(directory), {});
}

mode_t mode_of(const fs::path& file) {
  struct stat info{};
  return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

/// Every way in which a command writes a file of -o.
struct Way {
  std::string_view name;
  std::vector<std::string> words;
};

std::vector<Way> ways(const fs::path& key) {
  return {{"any", {"version"}},
          {"keygen", {"keygen", "-q", "--force"}},
          {"convert, private", {"keys", "convert", key.string(), "--force"}},
          {"convert, public", {"keys", "convert", key.string(), "--public", "--force"}}};
}

test::Run run_into(const Way& way, const fs::path& file) {
  auto words = way.words;
  words.insert(words.end(), {"-o", file.string()});
  return test::mcpauth(words);
}

/// A directory with a private key in it.
struct Fixture {
  test::TempDir dir;
  fs::path key = dir / "key.pem";
  Fixture() { REQUIRE(test::mcpauth({"keygen", "-q", "-o", key.string()}).status == 0); }
};

}  // namespace

TEST_CASE("cli/output_file: the file appears complete at commit, also through a link") {
  const test::TempDir dir;
  const auto file = dir.write("real", "old");
  fs::create_symlink(file, dir / "link");
  {
    OutputFile output(dir / "link");
    std::ostream(&output) << std::string(20'000, 'n') << std::flush;
    CHECK(*read_file(file) == "old");
  }
  CHECK(*read_file(file) == "old");
  OutputFile output(dir / "link");
  std::ostream(&output) << "new";
  REQUIRE(output.commit());
  CHECK(*read_file(file) == "new");
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(entries(dir.path()) == 2);
}

TEST_CASE("cli/output_file: nothing written, no file") {
  const test::TempDir dir;
  OutputFile output(dir / "none");
  REQUIRE(output.commit());
  CHECK_FALSE(fs::exists(dir / "none"));
}

TEST_CASE_FIXTURE(Fixture,
                  "cli/output_file: every command replaces what a link leads to, and keeps it") {
  fs::create_directory(dir / "store");
  for (const auto& way : ways(key)) {
    CAPTURE(way.name);
    const auto real = dir.write("store/real", "old");
    fs::create_symlink("store/real", dir / "link");
    fs::create_symlink("link", dir / "link to a link");
    CHECK(run_into(way, dir / "link to a link").status == 0);
    CHECK(fs::is_symlink(dir / "link"));
    CHECK(fs::is_symlink(dir / "link to a link"));
    CHECK(*read_file(real) != "old");
    CHECK(mode_of(real) == (way.name.ends_with("public") ? 0644 : 0600));
    CHECK(entries(dir / "store") == 1);
    fs::remove(dir / "link");
    fs::remove(dir / "link to a link");
  }
}

TEST_CASE_FIXTURE(Fixture, "cli/output_file: a dangling link gets its file") {
  for (const auto& way : ways(key)) {
    CAPTURE(way.name);
    fs::create_symlink("to be", dir / "link");
    CHECK(run_into(way, dir / "link").status == 0);
    CHECK(fs::is_symlink(dir / "link"));
    CHECK(fs::is_regular_file(dir / "to be"));
    fs::remove(dir / "link");
    fs::remove(dir / "to be");
  }
}

TEST_CASE_FIXTURE(Fixture, "cli/output_file: a directory, and a missing one, are errors") {
  fs::create_symlink("nowhere/file", dir / "lost");
  for (const auto& way : ways(key)) {
    CAPTURE(way.name);
    const auto directory = run_into(way, dir.path());
    CHECK(directory.status == 3);
    CHECK(directory.err ==
          "error[io]: cannot write `" + dir.path().string() + "`: Is a directory\n");
    const auto missing = run_into(way, dir / "none/file");
    CHECK(missing.status == 3);
    CHECK(missing.err == "error[io]: cannot write `" + (dir / "none/file").string() +
                             "`: No such file or directory\n  why: there is no directory `" +
                             (dir / "none").string() + "`\n");
    CHECK(run_into(way, dir / "lost").status == 3);
    CHECK(run_into(way, key / "file").err.ends_with("Not a directory\n"));
    CHECK(run_into(way, "").status == 2);
  }
  CHECK(entries(dir.path()) == 2);
}

TEST_CASE_FIXTURE(Fixture, "cli/output_file: pipes and devices are written to directly") {
  const auto fifo = dir / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  for (auto way : ways(key)) {
    CAPTURE(way.name);
    std::erase(way.words, "--force");  // their content is kept
    CHECK(run_into(way, "/dev/null").status == 0);
    CHECK(run_into(way, fifo).status == 0);
    std::array<char, 4096> got{};
    CHECK(::read(reader, got.data(), got.size()) > 8);
    CHECK(fs::is_fifo(fifo));
    CHECK(fs::is_character_file("/dev/null"));
  }
  ::close(reader);
}

TEST_CASE_FIXTURE(Fixture, "cli/output_file: a descriptor is written to at its position") {
  const auto log = dir.write("log", "before\n");
  const int fd = ::open(log.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const auto name = fs::path("/dev/fd") / std::to_string(fd);
  CHECK(run_into({"any", {"version"}}, name).status == 0);
  CHECK(read_file(log)->starts_with("before\nmcpauth "));
  ::close(fd);
  CHECK(failure_of(write_output("x", name.string(), {})).find("Bad file descriptor") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "cli/output_file: every name of stdout means stdout") {
  for (const std::string name : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    CAPTURE(name);
    CHECK(output_name(name) == "-");
    CHECK(run_into({"any", {"version"}}, name).out.starts_with("mcpauth "));
    CHECK(run_into({"keygen", {"keygen", "-q"}}, name).out.starts_with("-----BEGIN PRIVATE"));
  }
  CHECK(output_name("/dev/stderr") == "/dev/stderr");
  CHECK(output_name("stdout") == "stdout");
}

TEST_CASE("cli/output_file: an existing file is kept unless it may be overwritten") {
  const test::TempDir dir;
  const auto file = dir.write("real", "old");
  fs::create_symlink(file, dir / "link");
  for (const auto& name : {file, dir / "link"}) {
    const auto kept = write_output("new", name.string(), {.overwrite = Overwrite::no});
    REQUIRE_FALSE(kept);
    CHECK(kept.error().code == Errc::exists);
  }
  // The same when the file appeared while the answer was made.
  OutputFile late(dir / "late", {.overwrite = Overwrite::no});
  std::ostream(&late) << "new" << std::flush;
  dir.write("late", "first");
  CHECK(late.commit().error().code == Errc::exists);
  CHECK(*read_file(dir / "late") == "first");
  CHECK(*read_file(file) == "old");
  CHECK(entries(dir.path()) == 3);
}

}  // namespace mcpauth::cli
