#include "core/audit/redact.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/audit/leaf.hpp"
#include "core/base/file.hpp"
#include "support/audit_log.hpp"

namespace mcpauth::audit {
namespace {

using test::audit_record;
using test::kAuditTime;
using test::open_log;

void write_log(const std::filesystem::path& log) {
  auto writer = open_log(log, {.file = {}, .rotate_bytes = 1000});
  REQUIRE(writer);
  for (int i = 0; i < 12; ++i)
    REQUIRE(writer->append(audit_record(i % 3 == 0 ? "jane" : "alice"), kAuditTime));
}

RedactReport redact_jane(const std::filesystem::path& log) {
  auto writer = open_log(log);
  REQUIRE(writer);
  const Redaction redaction{
      .log = log,
      .fields = {Field::sub},
      .selects = [](const LineView& record) { return record.text(Field::sub) == "jane"; },
      .request_id = "request",
      .sub = "uid:0"};
  auto report = redact(*writer, redaction, kAuditTime);
  REQUIRE(report);
  REQUIRE(writer->append(audit_record("bob"), kAuditTime));
  return *report;
}

std::string whole(const std::filesystem::path& log) {
  std::string text;
  const auto segments = find_segments(log);
  for (const auto& segment : *segments)
    text += *read_file(segment.path);
  return text;
}

void change(const std::filesystem::path& log, std::string_view from, std::string_view to) {
  const auto segments = find_segments(log);
  for (const auto& segment : *segments) {
    auto text = *read_file(segment.path);
    const auto at = text.find(from);
    if (at == std::string::npos) continue;
    text.replace(at, from.size(), to);
    REQUIRE(write_file(segment.path, bytes_of(text), Overwrite::yes));
    return;
  }
  FAIL("not there: " << from);
}

}  // namespace

TEST_CASE("audit/redact: the name is gone, and the log verifies with its old checkpoints") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  const auto before = *test::verify_log(log).sealed;
  const auto report = redact_jane(log);
  CHECK(report.records == 4);
  CHECK(report.rewritten.size() > 1);
  const auto text = whole(log);
  CHECK(text.find("jane") == std::string::npos);
  CHECK(text.find("alice") != std::string::npos);
  VerifyOptions options;
  options.seen.push_back({.name = "before", .checkpoint = before});
  const auto verified = test::verify_log(log, options);
  CHECK(verified.verdict == Verdict::ok);
  CHECK(verified.redacted == 4);
  CHECK(verified.records == 12 + 4 + 1);
}

TEST_CASE("audit/redact: a second time changes nothing more") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  redact_jane(log);
  CHECK(redact_jane(log).records == 0);
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/redact: a line that somebody else empties is tampered") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  const auto first = *read_file(find_segments(log)->front().path);
  const auto line = first.substr(0, first.find('\n'));
  const Field sub = Field::sub;
  change(log, line, *redacted_line(*LineView::of(line), {&sub, 1}));
  const auto report = test::verify_log(log);
  CHECK(report.verdict == Verdict::tampered);
  CHECK(report.place->line == 1);
  CHECK(report.why.find("no signed record announces") != std::string::npos);
}

TEST_CASE("audit/redact: a redacted line that is changed afterwards is tampered") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  redact_jane(log);
  change(log, R"("sub":null,"idp":null)", R"("sub":"eve","idp":null)");
  CHECK(test::verdict_of(log) == "tampered");
}

TEST_CASE("audit/redact: what says what happened cannot be taken out, nor can redactions") {
  for (const Field field : {Field::seq, Field::ts, Field::id, Field::event, Field::phase,
                            Field::decision, Field::reason, Field::policy}) {
    CHECK_FALSE(is_redactable(field));
  }
  Record record = audit_record("jane");
  record.event = "audit.redact";
  const auto line = to_line(record, 0, kAuditTime);
  const Field sub = Field::sub;
  CHECK_FALSE(redacted_line(*LineView::of(line), {&sub, 1}));
}

TEST_CASE("audit/redact: a record redacted twice keeps its first leaf and both names") {
  const auto line = to_line(audit_record("jane"), 3, kAuditTime);
  const Field sub = Field::sub;
  const Field request = Field::request_id;
  const auto once = *redacted_line(*LineView::of(line), {&sub, 1});
  const auto twice = *redacted_line(*LineView::of(once), {&request, 1});
  TreeHasher hasher;
  CHECK(leaf_of(twice, hasher) == hasher.leaf(line));
  CHECK(twice.find(R"("fields":["sub","request_id"])") != std::string::npos);
  CHECK_FALSE(redacted_line(*LineView::of(twice), {&sub, 1}));
}

}  // namespace mcpauth::audit
