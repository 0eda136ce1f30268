#include "core/token/lines.hpp"

#include <algorithm>
#include <deque>

#include <doctest/doctest.h>

namespace mcpauth::token {
namespace {

/// Gives its pieces one at a time, as a pipe does.
LineReader::Read pieces(std::deque<std::string> texts) {
  return [texts = std::move(texts)](std::span<char> room) mutable -> Result<std::size_t> {
    if (texts.empty()) return std::size_t{0};
    const std::size_t size = std::min(texts.front().size(), room.size());
    std::ranges::copy(texts.front().substr(0, size), room.begin());
    texts.front().erase(0, size);
    if (texts.front().empty()) texts.pop_front();
    return size;
  };
}

std::vector<std::string> all_lines(LineReader reader) {
  std::vector<std::string> lines;
  LineChunk chunk;
  for (std::uint64_t number = 0;; ++number) {
    const auto more = reader.next(chunk);
    REQUIRE(more);
    if (!*more) return lines;
    CHECK(chunk.number == number);
    CHECK(chunk.first_line == lines.size() + 1);
    lines.insert(lines.end(), chunk.lines.begin(), chunk.lines.end());
  }
}

}  // namespace

TEST_CASE("token/lines: lines come out whole however the stream is cut") {
  const std::vector<std::string> expected = {"one", "two", "", "four"};
  CHECK(all_lines({pieces({"one\ntwo\n\nfour\n"}), 100}) == expected);
  CHECK(all_lines({pieces({"one\ntwo\n\nfour"}), 100}) == expected);
  CHECK(all_lines({pieces({"o", "ne\ntw", "o", "\n", "\nfo", "ur", "\n"}), 100}) == expected);
  CHECK(all_lines({pieces({"one\r\ntwo\r\n\r\nfour\r\n"}), 100}) == expected);
  CHECK(all_lines({pieces({}), 100}).empty());
}

TEST_CASE("token/lines: what has come is given before more is waited for") {
  int reads = 0;
  auto read = pieces({"one\n", "two\n"});
  LineReader reader(
      [&](std::span<char> room) {
        ++reads;
        return read(room);
      },
      100);
  LineChunk chunk;
  REQUIRE(*reader.next(chunk));
  CHECK(reads == 1);
  CHECK(chunk.lines == std::vector<std::string_view>{"one"});
}

TEST_CASE("token/lines: a line that is too long is cut, takes no memory, and the next is whole") {
  std::deque<std::string> texts = {"first\n"};
  for (int i = 0; i < 50; ++i)
    texts.emplace_back(100'000, 'x');
  texts.emplace_back("xx\nlast\n");
  const auto lines = all_lines({pieces(texts), 1000});
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "first");
  CHECK(lines[1] == std::string(1001, 'x'));
  CHECK(lines[2] == "last");
}

TEST_CASE("token/lines: an endless line at the end of the stream is one cut line") {
  std::deque<std::string> texts(20, std::string(70'000, 'y'));
  const auto lines = all_lines({pieces(texts), 1000});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].size() == 1001);
}

TEST_CASE("token/lines: a long line after short ones in one piece is cut too") {
  const auto lines = all_lines({pieces({"a\n" + std::string(5000, 'z'), "zz\nb\n"}), 1000});
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].size() == 1001);
  CHECK(lines[2] == "b");
}

TEST_CASE("token/lines: a stream that fails is an error") {
  LineReader reader(
      [](std::span<char>) -> Result<std::size_t> {
        return Error{.code = Errc::io, .message = "gone"};
      },
      10);
  LineChunk chunk;
  CHECK(reader.next(chunk).error().message == "gone");
}

}  // namespace mcpauth::token
