#include "core/audit/query/history.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/line.hpp"
#include "core/audit/query/lines_backward.hpp"
#include "support.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::audit::query {
namespace {

namespace fs = std::filesystem;
using namespace mcpauth::audit::query::test;

Log log_of(const fs::path& file) {
  auto segments = audit::find_segments(file);
  REQUIRE(segments);
  return {.file = file, .segments = *std::move(segments)};
}

bool is_record(std::string_view line) {
  return audit::LineView::of(line).has_value();
}

/// The last `count` lines: the number of their log, a dot and their `seq`.
std::string last(const std::vector<Log>& logs, std::size_t count,
                 std::vector<std::optional<ResumePoint>>* ends = nullptr) {
  const auto places = last_lines(logs, count, is_record);
  REQUIRE(places);
  auto history = History::open(logs, *places);
  REQUIRE(history);
  std::string out;
  while (true) {
    const auto next = history->next();
    REQUIRE(next);
    if (!*next) break;
    const auto seq = audit::seq_of((*next)->text);
    out += (out.empty() ? "" : " ") + std::to_string((*next)->log) + "." +
           (seq                 ? std::to_string(*seq)
            : (*next)->is_whole ? "?"
                                : "half");
  }
  if (ends != nullptr) *ends = history->ends();
  return out;
}

}  // namespace

TEST_CASE("audit/query/history: the last lines over all segments of a log") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(6, 8));
  dir.write("log.000000000000", lines(0, 3));
  dir.write("log.000000000003", lines(3, 6) + "half");
  const std::vector<Log> logs = {log_of(file)};
  std::vector<std::optional<ResumePoint>> ends;
  CHECK(last(logs, 0, &ends).empty());
  CHECK(ends[0]->first_seq == 6);
  CHECK(ends[0]->offset == lines(6, 8).size());
  CHECK(last(logs, 1) == "0.7");
  CHECK(last(logs, 4) == "0.4 0.5 0.half 0.6 0.7");
  CHECK(last(logs, 100, &ends) == "0.0 0.1 0.2 0.3 0.4 0.5 0.half 0.6 0.7");
  CHECK(ends[0]->offset == lines(6, 8).size());
}

TEST_CASE(
    "audit/query/history: a log with nothing in it, a half line at its end, lines that are none") {
  const mcpauth::test::TempDir dir;
  std::vector<std::optional<ResumePoint>> ends;
  CHECK(last({Log{.file = dir / "none", .segments = {}}}, 3, &ends).empty());
  CHECK_FALSE(ends[0]);
  CHECK(last({log_of(dir.write("empty", ""))}, 3, &ends).empty());
  CHECK(ends[0]->offset == 0);
  CHECK(last({log_of(dir.write("half", line(0) + "{\"seq\":1"))}, 3, &ends) == "0.0");
  CHECK(ends[0]->offset == line(0).size());
  CHECK(last({log_of(dir.write("only-half", "{\"seq\":1"))}, 3, &ends).empty());
  CHECK(ends[0]->offset == 0);
  CHECK(last({log_of(dir.write("other", line(0) + "x\n" + line(1) + "\n"))}, 1) == "0.1 0.?");
}

TEST_CASE("audit/query/history: several logs by time, and at one time in their order") {
  const mcpauth::test::TempDir dir;
  const std::vector<Log> logs = {log_of(dir.write("a", line(0) + line(2) + line(4))),
                                 log_of(dir.write("b", line(1) + line(2) + "x\n" + line(3)))};
  CHECK(last(logs, 100) == "0.0 1.1 0.2 1.2 1.? 1.3 0.4");
  CHECK(last(logs, 4) == "0.2 1.2 1.? 1.3 0.4");
  CHECK(last(logs, 2) == "1.3 0.4");
}

TEST_CASE("audit/query/history: what comes meanwhile, and a segment that is renamed") {
  const mcpauth::test::TempDir dir;
  const auto file = dir.write("log", lines(0, 3));
  const std::vector<Log> logs = {log_of(file)};
  append(file, line(3));
  fs::rename(file, audit::closed_name(file, 0));
  append(file, lines(4, 9));
  std::vector<std::optional<ResumePoint>> ends;
  CHECK(last(logs, 2, &ends) == "0.1 0.2");
  CHECK(ends[0]->first_seq == 0);
  CHECK(ends[0]->offset == lines(0, 3).size());
}

TEST_CASE("audit/query/lines_backward: what is read forward, from the end") {
  const mcpauth::test::TempDir dir;
  // Around the size of a step, so that lines lie over its edges; and one that is too long.
  for (const std::size_t size : {0UL, 1UL, 262'142UL, 262'143UL, 262'144UL, 262'145UL, 600'000UL}) {
    CAPTURE(size);
    const std::string filler(size, 'x');
    const auto file = dir.write("log", "first\n" + filler + "\n\nlast\nhalf" + filler);
    auto opened = LogFile::open(file);
    REQUIRE(opened);
    const auto bytes = opened->size();
    auto lines = LinesBackward::open(*std::move(opened), bytes);
    REQUIRE(lines);
    CHECK(lines->offset() == size + 13);
    std::vector<std::string> seen;
    std::vector<std::uint64_t> offsets;
    for (auto line = lines->next(); line && *line; line = lines->next()) {
      seen.emplace_back(**line);
      offsets.push_back(lines->offset());
    }
    CHECK(seen ==
          std::vector<std::string>{"last", "", filler.substr(0, audit::kMaxLine + 1), "first"});
    CHECK(offsets == std::vector<std::uint64_t>{size + 8, size + 7, 6, 0});
  }
}

}  // namespace mcpauth::audit::query
