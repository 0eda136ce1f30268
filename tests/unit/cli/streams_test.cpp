#include "cli/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <istream>
#include <ostream>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::cli {

TEST_CASE("cli/streams: a full device is remembered as the first error") {
  const int fd = ::open("/dev/full", O_WRONLY);
  {
    FdWriter writer(fd);
    std::ostream out(&writer);
    out << std::string(100'000, 'x') << std::flush;
    CHECK_FALSE(out);
    CHECK(writer.error() == ENOSPC);
  }
  ::close(fd);
}

TEST_CASE("cli/streams: what is written arrives whole, and is read back whole") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const std::string text(30'000, 'y');
  {
    FdWriter writer(ends[1]);
    std::ostream(&writer) << text << 'z' << std::flush;
  }
  ::close(ends[1]);
  FdReader reader(ends[0]);
  std::istream in(&reader);
  std::string got;
  std::getline(in, got);
  CHECK(got == text + "z");
  ::close(ends[0]);
}

TEST_CASE("cli/streams: a reader that went away is EPIPE, not a signal") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  ::close(ends[0]);
  FdWriter writer(ends[1]);
  std::ostream(&writer) << "x" << std::flush;
  CHECK(writer.error() == EPIPE);
  ::close(ends[1]);
  std::signal(SIGPIPE, before);
}

TEST_CASE("cli/streams: reading from what cannot be read is an error, not an end") {
  const int fd = ::open("/", O_RDONLY);
  FdReader reader(fd);
  std::istream in(&reader);
  std::string got;
  std::getline(in, got);
  CHECK(in.bad());
  ::close(fd);
}

TEST_CASE("cli/streams: an output file appears with its commit, whole, through a link") {
  const test::TempDir dir;
  const auto file = dir.write("real", "old");
  std::filesystem::create_symlink(file, dir / "link");
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
  CHECK(std::filesystem::is_symlink(dir / "link"));
  CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 2);
}

TEST_CASE("cli/streams: without a byte there is no output file") {
  const test::TempDir dir;
  OutputFile output(dir / "none");
  REQUIRE(output.commit());
  CHECK_FALSE(std::filesystem::exists(dir / "none"));
}

}  // namespace mcpauth::cli
