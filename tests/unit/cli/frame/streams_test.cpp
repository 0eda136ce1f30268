#include "cli/frame/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <istream>
#include <ostream>

#include <doctest/doctest.h>

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

TEST_CASE("cli/streams: everything that is written can be read back") {
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

TEST_CASE("cli/streams: a closed pipe is EPIPE, not a signal") {
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

TEST_CASE("cli/streams: a failed read is an error, not the end of the input") {
  const int fd = ::open("/", O_RDONLY);
  FdReader reader(fd);
  std::istream in(&reader);
  std::string got;
  std::getline(in, got);
  CHECK(in.bad());
  ::close(fd);
}

}  // namespace mcpauth::cli
