#include "core/audit/log/verify.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/codec/text.hpp"
#include "support/audit_log.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;
using test::audit_record;
using test::kAuditTime;
using test::open_log;
using test::verify_log;

void write_log(const fs::path& log, int records, std::uint64_t rotate_bytes = 0) {
  auto writer = open_log(log, {.file = {}, .rotate_bytes = rotate_bytes});
  REQUIRE(writer);
  for (int i = 0; i < records; ++i)
    REQUIRE(writer->append(audit_record("user-" + std::to_string(i)), kAuditTime));
}

void overwrite(const fs::path& file, std::string_view text) {
  REQUIRE(write_file(file, bytes_of(text), Overwrite::yes));
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  const auto text = *read_file(file);
  for (const auto line : text::split(text, '\n'))
    lines.emplace_back(line);
  lines.pop_back();
  return lines;
}

void write_lines(const fs::path& file, const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + "\n";
  overwrite(file, text);
}

/// Checks the place of the verdict: line from 1, and the byte where that line starts.
void check_place(const fs::path& log, const VerifyReport& report, std::uint64_t line) {
  REQUIRE(report.place);
  CHECK(report.place->line == line);
  CHECK(report.place->seq == line - 1);
  const auto text = *read_file(log);
  std::size_t at = 0;
  for (std::uint64_t i = 1; i < line; ++i)
    at = text.find('\n', at) + 1;
  CHECK(report.place->byte == at);
}

}  // namespace

TEST_CASE("audit/verify: any flipped byte of a sealed log is found in its line") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 7);
  const auto text = *read_file(log);
  std::mt19937_64 random(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto changed = text;
    const char before = changed[at];
    while (changed[at] == before)
      changed[at] = static_cast<char>(random() & 0xFFU);
    overwrite(log, changed);
    const auto report = verify_log(log);
    CAPTURE(at);
    const auto line = 1 + static_cast<std::uint64_t>(
                              std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
    const bool last_newline = at + 1 == text.size();
    CHECK(report.verdict == (last_newline ? Verdict::truncated : Verdict::tampered));
    REQUIRE(report.place);
    CHECK(report.place->line == line);
  }
  overwrite(log, text);
  CHECK(verify_log(log).verdict == Verdict::ok);
}

TEST_CASE(
    "audit/verify: a line that is dropped, doubled, swapped or put in is found at its place") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 9);
  const auto lines = lines_of(log);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    CAPTURE(i);
    auto dropped = lines;
    dropped.erase(dropped.begin() + static_cast<long>(i));
    write_lines(log, dropped);
    CHECK(verify_log(log).verdict == (i == 0 ? Verdict::truncated : Verdict::tampered));
    check_place(log, verify_log(log), i + 1);

    auto doubled = lines;
    doubled.insert(doubled.begin() + static_cast<long>(i), lines[i]);
    write_lines(log, doubled);
    CHECK(verify_log(log).verdict == Verdict::tampered);
    check_place(log, verify_log(log), i + 2);

    auto swapped = lines;
    std::swap(swapped[i], swapped[i + 1]);
    write_lines(log, swapped);
    CHECK(verify_log(log).verdict == Verdict::tampered);
    // In front a record may be missing; that the next one is out of order is what gives it away.
    if (i != 0) check_place(log, verify_log(log), i + 1);

    auto forged = lines;
    forged[i] = to_line(audit_record("eve"), i, kAuditTime);
    write_lines(log, forged);
    CHECK(verify_log(log).verdict == Verdict::tampered);
    check_place(log, verify_log(log), i + 1);
  }
}

TEST_CASE("audit/verify: a tail that is cut at any byte is truncated") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 3);
  const auto text = *read_file(log);
  for (std::size_t bytes = 0; bytes < text.size(); bytes += 13) {
    overwrite(log, text.substr(0, bytes));
    const auto report = verify_log(log);
    CHECK(report.verdict == Verdict::truncated);
    CHECK(report.torn_bytes == bytes - (bytes == 0 ? 0 : text.rfind('\n', bytes - 1) + 1));
  }
}

TEST_CASE("audit/verify: records after the checkpoint are an unsealed tail, also forged ones") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 3);
  overwrite(log, *read_file(log) + to_line(audit_record("eve"), 3, kAuditTime) + "\n");
  const auto report = verify_log(log);
  CHECK(report.verdict == Verdict::unsealed_tail);
  CHECK(report.unsealed == 1);
}

TEST_CASE("audit/verify: an older copy with its checkpoint is rolled back for who saw the newer") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 3);
  fs::create_directory(dir / "copy");
  for (const auto* name : {"log", "log.checkpoint", "log.tree"})
    fs::copy_file(dir / name, dir / "copy" / name);
  write_log(log, 2);
  const auto newer = *verify_log(log).sealed;
  CHECK(newer.size == 5);
  for (const auto* name : {"log", "log.checkpoint", "log.tree"})
    fs::copy_file(dir / "copy" / name, dir / name, fs::copy_options::overwrite_existing);
  CHECK(verify_log(log).verdict == Verdict::ok);
  VerifyOptions options;
  options.kept.push_back({.name = "newer", .checkpoint = newer});
  CHECK(verify_log(log, options).verdict == Verdict::rolled_back);
  {
    auto writer = open_log(log);  // another history, longer and with the same key
    for (int i = 0; i < 4; ++i)
      REQUIRE(writer->append(audit_record("eve"), kAuditTime));
  }
  CHECK(verify_log(log, options).verdict == Verdict::rolled_back);
}

TEST_CASE("audit/verify: a log forged with another key cannot be verified") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 3);
  const auto verifiers = test::own_verifiers(log);
  for (const auto* name : {"log", "log.checkpoint", "log.tree", "log.key", "log.vkey"})
    fs::remove(dir / name);
  write_log(log, 3);
  VerifyOptions options;
  options.verifiers = verifiers;
  CHECK(verify_log(log, options).verdict == Verdict::unverifiable);
}

TEST_CASE("audit/verify: a segment that is gone or another one is found") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 20, 1000);
  const auto segments = *find_segments(log);
  REQUIRE(segments.size() > 4);
  const auto middle = segments[2].path;
  const auto content = *read_file(middle);

  fs::remove(middle);
  auto report = verify_log(log);
  CHECK(report.verdict == Verdict::truncated);
  CHECK(report.segments[report.place->segment].file == segments[3].path);
  CHECK(report.place->line == 1);

  fs::copy_file(segments[1].path, middle);
  CHECK(verify_log(log).verdict == Verdict::tampered);

  overwrite(middle, content);
  fs::remove(segments[0].path);
  CHECK(verify_log(log).verdict == Verdict::truncated);
  VerifyOptions options;
  options.first = *segments[1].first_seq;
  CHECK(verify_log(log, options).verdict == Verdict::ok);
  auto changed = content;
  changed[changed.find("user")] = 'U';
  overwrite(middle, changed);
  report = verify_log(log, options);
  CHECK(report.verdict == Verdict::tampered);
  CHECK(report.segments[report.place->segment].file == middle);
  CHECK(report.place->line == 1);
}

TEST_CASE("audit/verify: the tree beside the log cannot hide or invent a change") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 20);
  const auto tree = *read_file(beside(log, "tree"));
  auto changed = tree;
  changed[100] = static_cast<char>(changed[100] ^ 1);
  overwrite(beside(log, "tree"), changed);
  CHECK(verify_log(log).verdict == Verdict::ok);
  auto text = *read_file(log);
  text[text.find("user-9")] = 'U';
  overwrite(log, text);
  auto report = verify_log(log);
  CHECK(report.verdict == Verdict::tampered);
  CHECK_FALSE(report.place);
  overwrite(beside(log, "tree"), tree);
  report = verify_log(log);
  CHECK(report.place->line == 10);
}

TEST_CASE("audit/verify: intents without an outcome are listed, others are not") {
  const test::TempDir dir;
  const auto log = dir / "log";
  {
    auto writer = open_log(log);
    Record record = audit_record();
    for (const std::string id : {"a", "b", "c"}) {
      record.id = id;
      record.phase = Phase::intent;
      REQUIRE(writer->append(record, kAuditTime));
      record.phase = Phase::outcome;
      if (id != "b") REQUIRE(writer->append(record, kAuditTime));
    }
  }
  const auto report = verify_log(log);
  CHECK(report.verdict == Verdict::ok);
  REQUIRE(report.pending.size() == 1);
  CHECK(report.pending[0].seq == 2);
}

TEST_CASE("audit/verify: many chunks and threads come to the same as one") {
  const test::TempDir dir;
  const auto log = dir / "log";
  {
    auto writer = open_log(log, {.file = {}, .durability = Durability::os});
    std::vector<Record> records(20'000, audit_record(std::string(400, 'x')));
    for (std::size_t i = 0; i < records.size(); ++i)
      records[i].id = std::to_string(i / 2);
    REQUIRE(writer->append_all(records, kAuditTime));
  }
  std::uint64_t told = 0;
  for (const unsigned threads : {1U, 2U, 7U}) {
    VerifyOptions options;
    options.threads = threads;
    options.progress = [&told](std::uint64_t bytes) { told = bytes; };
    const auto report = verify_log(log, options);
    CHECK(report.verdict == Verdict::ok);
    CHECK(report.records == 20'000);
    CHECK(told == fs::file_size(log));
  }
  auto text = *read_file(log, 64 << 20);
  const auto at = text.find("{\"seq\":17654,");
  text[at + 300] = 'y';
  overwrite(log, text);
  const auto report = verify_log(log);
  CHECK(report.verdict == Verdict::tampered);
  CHECK(report.place->line == 17'655);
  CHECK(report.place->byte == at);
}

TEST_CASE("audit/verify: a log that is written and rotated meanwhile is not called changed") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 30, 1000);
  // As the command does it: the checkpoint, then the files, then time passes.
  VerifyOptions options;
  options.log = log;
  options.verifiers = test::own_verifiers(log);
  options.checkpoint = read_beside(beside(log, "checkpoint"));
  const auto segments = *find_live_segments(log);
  write_log(log, 30, 1000);
  const auto report = verify(segments, options);
  REQUIRE(report);
  CHECK(report->verdict == Verdict::ok);
  CHECK(report->records == 30);
}

TEST_CASE("audit/verify: an empty file after a torn line does not change the verdict") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 3);
  overwrite(log, *read_file(log) + "{\"seq\":3,");
  fs::rename(log, dir / "log.1");
  dir.write("log", "");
  CHECK(verify_log(log).verdict == Verdict::torn_last_line);
}

TEST_CASE("audit/verify: after a gap, a kept checkpoint is not judged") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 20, 1000);
  VerifyOptions options;
  options.kept.push_back({.name = "kept", .checkpoint = *verify_log(log).sealed});
  fs::remove(find_segments(log)->front().path);
  CHECK(verify_log(log, options).verdict == Verdict::truncated);
}

TEST_CASE("audit/verify: a tree and a checkpoint of absurd size cost no time") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 3);
  constexpr std::uint64_t kAbsurd = 1'000'000'000;  // to hash so many leaves takes minutes
  const Checkpoint checkpoint{.origin = "test.example/log", .size = kAbsurd, .root = {}};
  overwrite(beside(log, "checkpoint"), *sign_note(to_text(checkpoint), test::own_signers(log)));
  fs::resize_file(beside(log, "tree"), kAbsurd * 64);  // sparse
  const auto report = verify_log(log);
  CHECK(report.verdict == Verdict::truncated);
  CHECK(report.place->line == 4);
}

}  // namespace mcpauth::audit
