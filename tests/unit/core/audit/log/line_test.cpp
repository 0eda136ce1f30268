#include "core/audit/log/line.hpp"

#include <random>
#include <string>

#include <doctest/doctest.h>

#include "core/audit/log/line_reader.hpp"
#include "core/audit/log/record.hpp"
#include "core/codec/json.hpp"
#include "support/audit_log.hpp"

namespace mcpauth::audit {
namespace {

using test::audit_record;
using test::kAuditTime;

std::string full_line() {
  Record record = audit_record("a\"b\\");
  record.scopes = {"hr:read", "x\"]"};
  record.status = 200;
  record.latency = std::chrono::microseconds(42);
  return to_line(record, 7, kAuditTime);
}

}  // namespace

TEST_CASE("audit/line: every field of a record is found and decoded") {
  const auto line = full_line();
  const auto view = LineView::of(line);
  REQUIRE(view);
  CHECK(view->seq() == 7);
  CHECK(view->text(Field::sub) == "a\"b\\");
  CHECK(view->scopes() == std::vector<std::string>{"hr:read", "x\"]"});
  CHECK(view->number(Field::status) == 200);
  CHECK(view->number(Field::latency_us) == 42);
  CHECK(view->text(Field::latency_us) == "42");
  CHECK(view->ts() == kAuditTime);
  CHECK(view->is_null(Field::tool));
  CHECK(view->text(Field::tool).empty());
  CHECK_FALSE(view->is_intent());
  CHECK(view->redacted().empty());
  CHECK(field_named("latency_us") == Field::latency_us);
  CHECK_FALSE(field_named("latency"));
}

TEST_CASE("audit/line: agrees with the JSON parser on every record that is written") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 500; ++round) {
    Record record = audit_record();
    record.sub.clear();
    for (std::size_t i = 0; i < random() % 20; ++i)
      record.sub.push_back(static_cast<char>(random() & 0xFFU));
    const auto line = to_line(record, random() % 100'000, kAuditTime);
    const auto view = LineView::of(line);
    const auto value = json::parse(line);
    REQUIRE(view);
    REQUIRE(value);
    for (std::size_t i = 0; i < kFieldNames.size(); ++i)
      CHECK(view->raw(static_cast<Field>(i)) == json::write(*value->find(kFieldNames[i])));
  }
}

TEST_CASE("audit/line: what has not exactly the members of a record is none") {
  const auto line = full_line();
  const auto without = [&line](std::string_view part, std::string_view instead = "") {
    auto changed = line;
    const auto at = changed.find(part);
    REQUIRE(at != std::string::npos);
    changed.replace(at, part.size(), instead);
    return LineView::of(changed).has_value();
  };
  CHECK(LineView::of(line));
  CHECK_FALSE(LineView::of(""));
  CHECK_FALSE(LineView::of("{}"));
  CHECK_FALSE(LineView::of(line + " "));
  CHECK_FALSE(LineView::of(" " + line));
  CHECK_FALSE(LineView::of(line.substr(0, line.size() - 1)));
  CHECK_FALSE(without("\"seq\":7", "\"seq\":07"));
  CHECK_FALSE(without("\"seq\":7", "\"seq\":-7"));
  CHECK_FALSE(without("\"seq\":7", "\"seq\":\"7\""));
  CHECK_FALSE(without("\"seq\":7", "\"seq\":99999999999999999999"));
  CHECK_FALSE(without(",\"id\":\"i\""));
  CHECK_FALSE(without("\"id\":\"i\"", "\"id\": \"i\""));
  CHECK_FALSE(without("\"outcome\"", "\"other\""));
  CHECK_FALSE(without("200", "2e2"));
  CHECK_FALSE(without("42}", "42,\"more\":1}"));
  CHECK(without("42}", R"(42,"redacted":{"leaf":"x"}})"));
  CHECK_FALSE(LineView::of(line.substr(0, 20) + std::string(300'000, 'x') + line.substr(20)));
}

TEST_CASE("audit/line: a name of a megabyte stays one short line that says how long it was") {
  Record record = audit_record(std::string(1 << 20, 'x'));
  record.tool = std::string(1 << 20, '\x01');
  record.client_id = std::string(1 << 20, '\xff');
  for (int i = 0; i < 10'000; ++i)
    record.scopes.push_back("scope:" + std::to_string(i));
  const auto line = to_line(record, 0, kAuditTime);
  CHECK(line.size() < kMaxLine);
  const auto view = LineView::of(line);
  REQUIRE(view);
  CHECK(view->text(Field::sub).ends_with("… (1048576 bytes)"));
  CHECK(view->scopes().back().ends_with(" more)"));
  CHECK(json::parse(line, {.bytes = kMaxLine}));
}

TEST_CASE("audit/line: a long name is cut between characters") {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string name(shift, 'a');
    while (name.size() < 5000)
      name += "\xf0\x9f\x92\xa9";
    const auto line = to_line(audit_record(name), 0, kAuditTime);
    CHECK(line.find("\\\\x") == std::string::npos);
    CHECK(json::parse(line));
  }
}

TEST_CASE("audit/line_reader: lines, offsets and the rest, whatever the size of its buffer") {
  const test::TempDir dir;
  const std::string text = "a\n\nbcd\n" + std::string(5000, 'x') + "\nrest";
  const auto file = dir.write("log", text);
  for (const std::size_t chunk : {1UL, 2UL, 7UL, 4096UL, 65536UL}) {
    CAPTURE(chunk);
    auto lines = LineReader::open(file, 0, text.size(), chunk);
    REQUIRE(lines);
    std::string again;
    while (const auto line = lines->next()) {
      CHECK(lines->offset() == again.size());
      again += std::string(*line) + "\n";
    }
    CHECK(again + "rest" == text);
    CHECK(lines->offset() == again.size());
    CHECK(lines->rest() == 4);
    CHECK(lines->status());
    lines->seek(3);
    CHECK(lines->next() == "bcd");
  }
  auto limited = LineReader::open(file, 0, 5, 3);
  CHECK(limited->next() == "a");
  CHECK(limited->next() == "");
  CHECK_FALSE(limited->next());
  CHECK(limited->rest() == 2);
  CHECK_FALSE(LineReader::open(dir / "none"));
}

TEST_CASE("audit/line_reader: a line without end takes bounded memory and is not a record") {
  const test::TempDir dir;
  const std::string text =
      "a\n" + std::string(3'000'000, 'x') + "\nb\n" + std::string(2'000'000, 'y');
  const auto file = dir.write("log", text);
  auto lines = LineReader::open(file);
  CHECK(lines->next() == "a");
  const auto head = lines->next();
  REQUIRE(head);
  CHECK(head->size() == kMaxLine + 1);
  CHECK(lines->offset() == 2);
  CHECK(lines->next() == "b");
  CHECK_FALSE(lines->next());
  CHECK(lines->rest() == 2'000'000);
}

}  // namespace mcpauth::audit
