#include "core/audit/log/redact.hpp"

#include <fstream>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "core/audit/log/announcement.hpp"
#include "core/audit/log/leaf.hpp"
#include "core/base/file.hpp"
#include "core/codec/base64url.hpp"
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
  CHECK(text.find(R"("jane")") == std::string::npos);
  CHECK(text.find("alice") != std::string::npos);
  VerifyOptions options;
  options.kept.push_back({.name = "before", .checkpoint = before});
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

TEST_CASE("audit/redact: an announcement that somebody else appended makes nothing good") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  const auto first = *read_file(find_segments(log)->front().path);
  const auto line = first.substr(0, first.find('\n'));
  const Field sub = Field::sub;
  const auto forged = *redacted_line(*LineView::of(line), {&sub, 1});
  TreeHasher hasher;
  // As good as it can be without the log's key: with a key of somebody else.
  const auto other = test::own_signers(dir / "other");
  for (const bool with_signature : {false, true}) {
    Record record;
    record.event = "audit.redact";
    record.jti = with_signature ? *announce(hasher.leaf(forged), "test.example/log", other.front())
                                : base64url::encode(hasher.leaf(forged)) + ".AAAA";
    const auto seq = test::verify_log(log).records;
    const auto grown = *read_file(log) + to_line(record, seq, kAuditTime) + "\n";
    REQUIRE(write_file(log, bytes_of(grown), Overwrite::yes));
    REQUIRE(open_log(log));  // the next honest writer signs it
  }
  CHECK(test::verdict_of(log) == "ok");
  change(log, line, forged);
  CHECK(test::verdict_of(log) == "unverifiable");
  VerifyOptions options;
  options.verifiers = test::own_verifiers(log);
  options.verifiers.push_back(test::own_signers(dir / "another").front().verifier());
  CHECK(test::verify_log(log, options).verdict == Verdict::unverifiable);
}

TEST_CASE("audit/redact: a log that was changed is not redacted") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  const auto first = *read_file(find_segments(log)->front().path);
  const auto line = first.substr(0, first.find('\n'));
  const Field request = Field::request_id;
  auto evil = *redacted_line(*LineView::of(line), {&request, 1});
  evil.replace(evil.find("allow"), 5, "error");
  change(log, line, evil);
  auto writer = open_log(log);
  REQUIRE(writer);
  const Redaction redaction{.log = log,
                            .fields = {Field::sub},
                            .selects = [](const LineView&) { return true; },
                            .request_id = {},
                            .sub = {}};
  const auto report = redact(*writer, redaction, kAuditTime);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Errc::denied);
  CHECK(whole(log).find("audit.redact") == std::string::npos);
}

TEST_CASE("audit/redact: a line that is changed after the log was verified is not announced") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  const auto second = find_segments(log)->at(1).path;
  auto writer = open_log(log);
  REQUIRE(writer);
  bool is_changed = false;
  const Redaction redaction{.log = log,
                            .fields = {Field::sub},
                            // Asked of the first line once all were verified.
                            .selects =
                                [&](const LineView&) {
                                  if (!std::exchange(is_changed, true)) {
                                    const auto at = read_file(second)->find("allow");
                                    std::fstream file(second, std::ios::in | std::ios::out);
                                    file.seekp(static_cast<std::streamoff>(at)) << "error";
                                  }
                                  return true;
                                },
                            .request_id = {},
                            .sub = {}};
  const auto report = redact(*writer, redaction, kAuditTime);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Errc::denied);
  CHECK(report.error().message.find("changed since") != std::string::npos);
}

TEST_CASE("audit/redact: announcing may close a segment, and its names go too") {
  const test::TempDir dir;
  const auto log = dir / "log";
  {
    auto writer = open_log(log);
    for (int i = 0; i < 40; ++i)
      REQUIRE(writer->append(audit_record("jane"), kAuditTime));
  }
  auto writer = open_log(log, {.file = {}, .rotate_bytes = 5000});
  const Redaction redaction{
      .log = log,
      .fields = {Field::sub},
      .selects = [](const LineView& record) { return record.text(Field::sub) == "jane"; },
      .request_id = {},
      .sub = {}};
  const auto report = redact(*writer, redaction, kAuditTime);
  REQUIRE(report);
  CHECK(report->records == 40);
  CHECK(find_segments(log)->size() > 1);
  CHECK(whole(log).find(R"("jane")") == std::string::npos);
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/redact: after a change of the key the former one still vouches for redactions") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log);
  redact_jane(log);
  const auto old_verifiers = test::own_verifiers(log);
  const auto signers = [&](bool both) {
    std::vector<crypto::PrivateKey> keys;
    keys.push_back(*own_key(dir / "new"));
    if (both) keys.push_back(*own_key(log));
    return *log_signers(log, std::move(keys), "test.example/log");
  };
  REQUIRE(open_log(log, {.file = {}, .signers = signers(true)}));
  REQUIRE(
      open_log(log, {.file = {}, .signers = signers(false)})->append(audit_record(), kAuditTime));
  VerifyOptions options;
  options.verifiers.push_back(signers(false).front().verifier());
  CHECK(test::verdict_of(log, options) == "unverifiable");
  options.verifiers.push_back(old_verifiers.front());
  CHECK(test::verdict_of(log, options) == "ok");
}

}  // namespace mcpauth::audit
