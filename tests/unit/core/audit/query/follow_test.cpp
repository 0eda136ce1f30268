#include "core/audit/query/follow.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/line.hpp"
#include "support.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::audit::query {
namespace {

namespace fs = std::filesystem;
using namespace mcpauth::audit::query::test;

/// All that there is now, one word each: the `seq` of a line, or the name of other news.
std::string news(Follower& follower) {
  std::string out;
  while (true) {
    const auto news = follower.next();
    REQUIRE(news);
    if (!*news) return out;
    if (!out.empty()) out += ' ';
    switch ((*news)->kind) {
      case LogEvent::Kind::line:
        out += audit::LineView::of((*news)->text)
                   ? std::to_string(*audit::seq_of((*news)->text))
                   : "`" + std::string((*news)->text.substr(0, 20)) + "`";
        break;
      case LogEvent::Kind::unfinished:
        out += "half:" + std::string((*news)->text);
        break;
      case LogEvent::Kind::truncated:
        out += "truncated";
        break;
      case LogEvent::Kind::moved_on:
        out += "moved:" + (*news)->file->filename().string();
        break;
      case LogEvent::Kind::waiting:
        out += "waiting";
        break;
    }
  }
}

}  // namespace

TEST_CASE("audit/query/follow: whole lines as they come, and a half one once it is whole") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(0, 2));
  Follower follower(file);
  CHECK(news(follower) == "0 1");
  CHECK(news(follower).empty());
  const auto next = line(2);
  append(file, next.substr(0, 30));
  CHECK(news(follower).empty());
  append(file, next.substr(30) + line(3));
  CHECK(news(follower) == "2 3");
}

TEST_CASE("audit/query/follow: a half line that its writer takes back was never there") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(0, 2));
  Follower follower(file);
  CHECK(news(follower) == "0 1");
  append(file, R"({"seq":2,"ts":"2027-01-15T08:)");
  CHECK(news(follower).empty());
  fs::resize_file(file, lines(0, 2).size());
  append(file, line(2));
  CHECK(news(follower) == "2");
}

TEST_CASE("audit/query/follow: a renamed file is read to its end before the new one of its name") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(0, 2));
  Follower follower(file);
  CHECK(news(follower) == "0 1");
  const auto closed = audit::closed_name(file, 0);
  fs::rename(file, closed);
  append(closed, line(2));
  CHECK(news(follower) == "2");
  append(file, "");  // the new one is there, and empty: the old one may still get something
  append(closed, line(3));
  CHECK(news(follower) == "3");
  append(file, line(4));
  append(closed, "half");
  CHECK(news(follower) == "half:half moved:log 4");
  append(file, line(5));
  CHECK(news(follower) == "5");
}

TEST_CASE(
    "audit/query/follow: segments that came and were closed between two looks are read in order") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(0, 2));
  Follower follower(file);
  CHECK(news(follower) == "0 1");
  fs::rename(file, audit::closed_name(file, 0));
  dir.write("log.000000000002", lines(2, 4));
  dir.write("log-20270115", lines(4, 5));  // as logrotate calls them
  dir.write("log", lines(5, 7));
  CHECK(news(follower) == "moved:log.000000000002 2 3 moved:log-20270115 4 moved:log 5 6");
}

TEST_CASE(
    "audit/query/follow: a truncated file is read from the start, also when it has grown again") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(0, 3));
  Follower follower(file);
  CHECK(news(follower) == "0 1 2");
  fs::resize_file(file, 0);
  append(file, line(7));
  CHECK(news(follower) == "truncated 7");
  fs::resize_file(file, 0);
  append(file, line(8, "a longer name than before") + lines(9, 20));
  CHECK(news(follower) == "truncated 8 9 10 11 12 13 14 15 16 17 18 19");
}

TEST_CASE("audit/query/follow: a new log under the same name") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(5, 7));
  Follower follower(file);
  CHECK(news(follower) == "5 6");
  fs::remove(file);
  CHECK(news(follower).empty());
  append(file, lines(0, 2));
  CHECK(news(follower) == "moved:log 0 1");
}

TEST_CASE("audit/query/follow: a file that is not there yet") {
  const mcpauth::test::TempDir dir;
  Follower follower(dir / "log");
  CHECK(news(follower) == "waiting");
  CHECK(news(follower).empty());
  dir.write("log", lines(0, 2));
  CHECK(news(follower) == "0 1");
}

TEST_CASE(
    "audit/query/follow: from a place, also when its file was renamed before the first look") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(3, 6));
  dir.write("log.000000000000", lines(0, 3));
  const ResumePoint since{.first_seq = 3, .offset = lines(3, 5).size()};
  Follower follower(file, since);
  CHECK(news(follower) == "5");
  fs::rename(file, audit::closed_name(file, 3));
  append(file, line(6));
  Follower late(file, since);
  CHECK(news(late) == "5 moved:log 6");
  // A file that was empty does not lead back to the segments before it.
  fs::rename(file, audit::closed_name(file, 6));
  dir.write("log", line(7));
  Follower empty(file, ResumePoint{});
  CHECK(news(empty) == "7");
}

TEST_CASE("audit/query/follow: lines that are not records, and lines of any length") {
  const mcpauth::test::TempDir dir;
  const std::string longest(audit::kMaxLine + 1, 'x');
  const auto file = dir.write("log", line(0) + "no record\n\n" + longest + longest + longest);
  Follower follower(file);
  CHECK(news(follower) == "0 `no record` ``");
  append(file, longest + "\n" + line(1));
  CHECK(news(follower) == "`xxxxxxxxxxxxxxxxxxxx` 1");
}

TEST_CASE(
    "audit/query/follow: a file that is replaced by one with the same records gives none twice") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", line(0) + line(1));
  Follower follower(file);
  CHECK(news(follower) == "0 1");
  const auto other = dir.write("new", line(0) + line(1) + line(2));
  fs::rename(other, file);
  CHECK(news(follower).ends_with("2"));
  append(file, line(3));
  CHECK(news(follower) == "3");
}

TEST_CASE(
    "audit/query/follow: while another thread writes, rotates and takes back, nothing is lost") {
  constexpr std::uint64_t kRecords = 3000;
  const mcpauth::test::TempDir dir;
  const auto file = dir / "log";
  std::thread writer([&file] {
    std::mt19937 dice(7);
    std::uint64_t first = 0;
    for (std::uint64_t seq = 0; seq < kRecords; ++seq) {
      if (seq != first && dice() % 20 == 0) {
        fs::rename(file, audit::closed_name(file, first));
        first = seq;
      }
      const auto text = line(seq);
      if (dice() % 10 == 0) {
        const auto before = seq == first ? 0 : fs::file_size(file);
        append(file, text.substr(0, 1 + dice() % (text.size() - 1)));
        if (dice() % 2 == 0) std::this_thread::yield();
        fs::resize_file(file, before);
      }
      append(file, text.substr(0, 50));
      append(file, text.substr(50));
    }
  });
  Follower follower(file);
  std::vector<std::uint64_t> seen;
  std::string failure;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (seen.size() < kRecords && failure.empty() && std::chrono::steady_clock::now() < deadline) {
    const auto news = follower.next();
    if (!news) {
      failure = news.error().message;
    } else if (!*news) {
      std::this_thread::yield();
    } else if ((*news)->kind == LogEvent::Kind::line) {
      seen.push_back(audit::seq_of((*news)->text).value_or(kRecords));
    } else if ((*news)->kind != LogEvent::Kind::moved_on &&
               (*news)->kind != LogEvent::Kind::waiting) {
      failure = "news of kind " + std::to_string(static_cast<int>((*news)->kind));
    }
  }
  writer.join();
  CHECK(failure.empty());
  CAPTURE(failure);
  REQUIRE(seen.size() == kRecords);
  for (std::uint64_t seq = 0; seq < kRecords; ++seq)
    CHECK(seen[seq] == seq);
}

}  // namespace mcpauth::audit::query
