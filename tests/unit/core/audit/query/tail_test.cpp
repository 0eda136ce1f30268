#include "core/audit/query/tail.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/codec/format.hpp"
#include "support.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::audit::query::test {
namespace {

using mcpauth::test::TempDir;
using Kind = TailEvent::Kind;

Log log_of(const std::filesystem::path& file) {
  auto segments = find_segments(file);
  REQUIRE(segments);
  return {.file = file, .segments = *std::move(segments)};
}

/// The events until there is none: a record by its `seq`, all others by a word.
std::string events(Tail& tail) {
  std::string out;
  while (true) {
    const auto event = tail.next();
    REQUIRE(event);
    if (!*event) return out;
    if (!out.empty()) out += ' ';
    switch ((*event)->kind) {
      case Kind::record:
        out += std::to_string((*event)->record->seq());
        break;
      case Kind::not_a_record:
        out += text::format("not-a-record@{}", (*event)->offset);
        break;
      case Kind::missing:
        out += text::format("missing:{}-{}", (*event)->first_missing, (*event)->last_missing);
        break;
      case Kind::truncated:
        out += "truncated";
        break;
      case Kind::moved_on:
        out += "moved-on";
        break;
      case Kind::waiting:
        out += "waiting";
        break;
    }
  }
}

}  // namespace

TEST_CASE("audit/query/tail: the last records, and then those that are appended") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 5));
  const std::vector<Log> logs = {log_of(file)};
  auto tail = Tail::open(logs, {.lines = 2});
  REQUIRE(tail);
  CHECK(events(*tail) == "3 4");
  tail->follow();
  CHECK(events(*tail).empty());
  append(file, lines(5, 7));
  CHECK(events(*tail) == "5 6");
  CHECK(tail->saw_all());
}

TEST_CASE("audit/query/tail: missing records are reported before the line after them") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 2) + lines(4, 5) + "x\n" + lines(6, 7));
  const std::vector<Log> logs = {log_of(file)};
  auto tail = Tail::open(logs, {});
  REQUIRE(tail);
  const auto offset = (lines(0, 2) + lines(4, 5)).size();
  CHECK(events(*tail) == text::format("0 1 missing:2-3 4 not-a-record@{} missing:5-5 6", offset));
  CHECK_FALSE(tail->saw_all());
  tail->follow();
  append(file, lines(8, 9));
  CHECK(events(*tail) == "missing:7-7 8");
}

TEST_CASE(
    "audit/query/tail: a gap between two closed segments is seen, wherever the log is named") {
  const TempDir dir;
  dir.write("log.000000000000", lines(0, 2));
  dir.write("log.000000000003", lines(3, 5));
  const auto file = dir.write("log", lines(5, 6));
  const std::vector<Log> logs = {log_of(file)};
  auto tail = Tail::open(logs, {});
  REQUIRE(tail);
  CHECK(events(*tail) == "0 1 missing:2-2 3 4 5");
}

TEST_CASE("audit/query/tail: an incomplete last line is not judged until it is complete") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 1) + "{\"seq\":1");
  const std::vector<Log> logs = {log_of(file)};
  auto tail = Tail::open(logs, {});
  REQUIRE(tail);
  CHECK(events(*tail) == "0");
  CHECK(tail->unfinished() == std::vector{file});
  CHECK_FALSE(tail->saw_all());
  tail->follow();
  append(file, line(1).substr(8));
  CHECK(events(*tail) == "1");
  CHECK(tail->saw_all());
}

TEST_CASE("audit/query/tail: a selected record that matches is found") {
  const TempDir dir;
  const auto file = dir.write("log", line(0, "alice") + line(1, "bob") + line(2, "alice"));
  const std::vector<Log> logs = {log_of(file)};
  auto bob = Filter::parse("sub=bob", kNow);
  REQUIRE(bob);
  auto tail = Tail::open(logs, {.exit_on = *bob});
  REQUIRE(tail);
  REQUIRE(tail->next());
  CHECK_FALSE(tail->found());
  REQUIRE(tail->next());
  CHECK(tail->found());
}

TEST_CASE("audit/query/log: the files of one log count once") {
  const TempDir dir;
  const auto closed = dir.write("log.000000000000", lines(0, 2));
  const auto file = dir.write("log", lines(2, 3));
  const auto checkpoint = dir.write("log.checkpoint", "x");
  const std::vector<Log> logs = {log_of(checkpoint), log_of(closed), log_of(file), log_of(file)};
  const auto kept = without_duplicates(logs);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].file == file);
}

}  // namespace mcpauth::audit::query::test
