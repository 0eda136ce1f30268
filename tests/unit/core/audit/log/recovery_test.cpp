#include "core/audit/log/recovery.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "support/audit_log.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;
using test::audit_record;
using test::kAuditTime;
using test::open_log;

/// A log of `records` sealed records, and then `unsealed` more that a crash left without a
/// checkpoint.
void write_log(const fs::path& log, int records, int unsealed) {
  {
    auto writer = open_log(log);
    REQUIRE(writer);
    for (int i = 0; i < records; ++i)
      REQUIRE(writer->append(audit_record(), kAuditTime));
  }
  const auto checkpoint = *read_file(beside(log, "checkpoint"));
  const auto tree = *read_file(beside(log, "tree"));
  if (unsealed == 0) return;
  {
    auto writer = open_log(log);
    for (int i = 0; i < unsealed; ++i)
      REQUIRE(writer->append(audit_record(), kAuditTime));
  }
  REQUIRE(write_file(beside(log, "checkpoint"), bytes_of(checkpoint), Overwrite::yes));
  REQUIRE(write_file(beside(log, "tree"), bytes_of(tree), Overwrite::yes));
}

void append_text(const fs::path& log, std::string_view text) {
  const auto content = *read_file(log, 16 << 20) + std::string(text);
  REQUIRE(write_file(log, bytes_of(content), Overwrite::yes));
}

std::string why_refused(const fs::path& log) {
  const auto writer = open_log(log);
  if (writer) return "taken";
  CHECK(writer.error().reason == reason::kAuditUnavailable);
  CHECK_FALSE(writer.error().hint.empty());
  return writer.error().message;
}

std::string why_refused_without_hint(const fs::path& log) {
  const auto writer = open_log(log);
  return writer ? "taken" : writer.error().message;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("audit/recovery: what came after the checkpoint is taken, at every length") {
  for (const int records : {0, 1, 2, 3, 7, 8, 33}) {
    for (const int unsealed : {0, 1, 2, 5}) {
      CAPTURE(records);
      CAPTURE(unsealed);
      const test::TempDir dir;
      const auto log = dir / "log";
      write_log(log, records, unsealed);
      // A record of its own says which records were taken over.
      const int recovery_records = unsealed == 0 ? 0 : 1;
      CHECK(*open_log(log)->append(audit_record(), kAuditTime) ==
            static_cast<std::uint64_t>(records + unsealed + recovery_records));
      CHECK(has(*read_file(log, 1 << 20), R"("reason":"unsealed-tail")") ==
            (recovery_records == 1));
      CHECK(test::verdict_of(log) == "ok");
    }
  }
}

TEST_CASE("audit/recovery: a torn last line is cut off and that is recorded") {
  for (const int unsealed : {0, 2}) {
    const test::TempDir dir;
    const auto log = dir / "log";
    write_log(log, 3, unsealed);
    append_text(log, R"({"seq":9,"ts":"20)");
    CHECK(test::verdict_of(log) == "torn-last-line");
    {
      auto writer = open_log(log);
      REQUIRE(writer);
      CHECK(writer->torn_bytes() == 17);
      CHECK(writer->size() == static_cast<std::uint64_t>(3 + unsealed + (unsealed == 0 ? 1 : 2)));
    }
    CHECK(has(*read_file(log), R"("event":"audit.recover")"));
    CHECK(test::verdict_of(log) == "ok");
  }
}

TEST_CASE("audit/recovery: a torn first line is cut off") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 0, 0);
  append_text(log, R"({"se)");
  CHECK(open_log(log)->torn_bytes() == 4);
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/recovery: a tree that is lost, cut, longer or changed is rebuilt") {
  const auto damage = [](const fs::path& tree, int how) {
    auto content = *read_file(tree, 1 << 20);
    if (how == 0) {
      fs::remove(tree);
      return;
    }
    if (how == 1) content.resize(content.size() / 2 + 5);
    if (how == 2) content += std::string(1000, 'x');
    if (how == 3) content[40] = static_cast<char>(content[40] ^ 1);
    if (how == 4) content.clear();
    REQUIRE(write_file(tree, bytes_of(content), Overwrite::yes));
  };
  for (int how = 0; how < 5; ++how) {
    CAPTURE(how);
    const test::TempDir dir;
    const auto log = dir / "log";
    write_log(log, 21, 3);
    damage(beside(log, "tree"), how);
    CHECK(*open_log(log)->append(audit_record(), kAuditTime) == 25);
    CHECK(test::verdict_of(log) == "ok");
  }
}

TEST_CASE("audit/recovery: no signature goes on records that were changed, even without a tree") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 5, 0);
  auto content = *read_file(log);
  content[content.find("alice")] = 'A';
  REQUIRE(write_file(log, bytes_of(content), Overwrite::yes));
  fs::remove(beside(log, "tree"));
  CHECK(has(why_refused(log), "not the ones that were signed"));
  CHECK(test::verdict_of(log) == "tampered");
}

TEST_CASE("audit/recovery: with its tree the log goes on and the change stays found") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 5, 0);
  auto content = *read_file(log);
  content[content.find("alice")] = 'A';
  REQUIRE(write_file(log, bytes_of(content), Overwrite::yes));
  REQUIRE(open_log(log)->append(audit_record(), kAuditTime));
  CHECK(test::verdict_of(log) == "tampered");
}

TEST_CASE("audit/recovery: missing signed records stop the log") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 5, 0);
  const auto content = *read_file(log);
  REQUIRE(write_file(log, bytes_of(content.substr(0, content.find("{\"seq\":4"))), Overwrite::yes));
  CHECK(has(why_refused(log), "fewer than 5"));
  CHECK(test::verdict_of(log) == "truncated");
}

TEST_CASE(
    "audit/recovery: a checkpoint that is missing, changed or signed by another key stops the "
    "log") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 5, 0);
  const auto checkpoint = *read_file(beside(log, "checkpoint"));
  REQUIRE(own_key(dir / "other"));

  fs::remove(beside(log, "checkpoint"));
  CHECK(has(why_refused(log), "is missing"));
  CHECK(test::verdict_of(log) == "unverifiable");

  auto changed = checkpoint;
  changed[changed.find("\n5\n") + 1] = '4';
  REQUIRE(write_file(beside(log, "checkpoint"), bytes_of(changed), Overwrite::yes));
  CHECK(has(why_refused(log), "signature"));
  CHECK(test::verdict_of(log) == "tampered");

  REQUIRE(write_file(beside(log, "checkpoint"), bytes_of(checkpoint), Overwrite::yes));
  fs::remove(beside(log, "key"));
  fs::copy_file(beside(dir / "other", "key"), beside(log, "key"));
  CHECK(has(why_refused(log), "a key other than [audit] key"));
  CHECK(test::verdict_of(log) == "unverifiable");
}

TEST_CASE("audit/recovery: a line that is not a record stops the log, and the error says where") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 2, 0);
  const auto bytes = fs::file_size(log);
  append_text(log, "hello\n");
  CHECK(has(why_refused(log), "the line at byte " + std::to_string(bytes)));
  CHECK(test::verdict_of(log) == "tampered");
}

TEST_CASE("audit/recovery: after all files were moved away the log goes on") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 5, 0);
  fs::rename(log, dir / "archive");
  CHECK(*open_log(log)->append(audit_record(), kAuditTime) == 5);
  CHECK(test::verdict_of(log) == "truncated");
  VerifyOptions options;
  options.first = 5;
  const auto report = test::verify_log(log, options);
  CHECK(report.verdict == Verdict::ok);
  CHECK(report.first == 5);
  CHECK(report.records == 1);
}

TEST_CASE("audit/recovery: changing the key, with both in use meanwhile") {
  const test::TempDir dir;
  const auto log = dir / "log";
  const auto signers = [&](std::initializer_list<const char*> names) {
    std::vector<crypto::PrivateKey> keys;
    for (const auto* name : names)
      keys.push_back(*own_key(dir / name));
    return *log_signers(log, std::move(keys), "test.example/log");
  };
  const auto write = [&](std::initializer_list<const char*> names) {
    auto writer = open_log(log, {.file = {}, .signers = signers(names)});
    if (!writer) return false;
    REQUIRE(writer->append(audit_record(), kAuditTime));
    return true;
  };
  const auto verdict = [&](const char* name) {
    VerifyOptions options;
    options.verifiers.push_back(signers({name}).front().verifier());
    return test::verdict_of(log, options);
  };
  REQUIRE(write({"old"}));
  CHECK_FALSE(write({"new"}));
  REQUIRE(write({"new", "old"}));
  CHECK(verdict("old") == "ok");
  CHECK(verdict("new") == "ok");
  REQUIRE(write({"new"}));
  CHECK(verdict("old") == "unverifiable");
  CHECK(verdict("new") == "ok");
}

TEST_CASE("audit/recovery: the origin of a log does not change") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 1, 0);
  std::vector<crypto::PrivateKey> keys;
  keys.push_back(*own_key(log));
  const auto renamed = log_signers(log, std::move(keys), "other.example/log");
  REQUIRE_FALSE(renamed);
  CHECK(renamed.error().code == Errc::config);
}

TEST_CASE("audit/recovery: a line in the tail that is not a sound record is not signed") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 2, 0);
  auto line = to_line(audit_record("x"), 2, kAuditTime);
  line.replace(line.find(R"("x")"), 3, "\"\x01\"");
  append_text(log, line + "\n");
  CHECK(has(why_refused(log), "is not record 2"));
  CHECK(test::verdict_of(log) == "tampered");
}

TEST_CASE("audit/recovery: a tree that is a link destroys nothing") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 2, 0);
  const auto victim = dir.write("victim", "precious");
  fs::remove(beside(log, "tree"));
  fs::create_symlink(victim, beside(log, "tree"));
  CHECK(has(why_refused_without_hint(log), "Too many levels"));
  fs::remove(beside(log, "tree"));
  fs::create_hard_link(victim, beside(log, "tree"));
  CHECK(has(why_refused_without_hint(log), "not a regular file with a single name"));
  CHECK(*read_file(victim) == "precious");
}

TEST_CASE("audit/recovery: a pipe in place of the key keeps nobody waiting") {
  const test::TempDir dir;
  REQUIRE(::mkfifo((dir / "log.key").c_str(), 0600) == 0);
  const auto key = own_key(dir / "log");
  REQUIRE_FALSE(key);
  CHECK(key.error().reason == reason::kAuditUnavailable);
}

TEST_CASE("audit/recovery: without its lock file the log still has one writer") {
  const test::TempDir dir;
  const auto log = dir / "log";
  auto first = open_log(log);
  REQUIRE(first->append(audit_record(), kAuditTime));
  fs::remove(beside(log, "lock"));
  CHECK(has(why_refused_without_hint(log), "another process is writing it"));
  REQUIRE(first->append(audit_record(), kAuditTime));
}

TEST_CASE("audit/recovery: a start that failed leaves a log that can be started") {
  const test::TempDir dir;
  const auto log = dir / "log";
  fs::create_directory(beside(log, "vkey"));
  CHECK_FALSE(open_log(log));
  fs::remove(beside(log, "vkey"));
  CHECK(open_log(log));
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/recovery: what a killed writer left unfinished is removed at the next start") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 2, 0);
  for (const auto* name :
       {"log.tmp-AbCdEf", "log.checkpoint.tmp-AbCdEf", "log.000000000000.tmp-AbCdEf"})
    dir.write(name, "alice");
  dir.write("log.key.tmp-AbCdEf", "key");
  dir.write("logs.tmp-AbCdEf", "of somebody else");
  REQUIRE(open_log(log));
  for (const auto* name :
       {"log.tmp-AbCdEf", "log.checkpoint.tmp-AbCdEf", "log.000000000000.tmp-AbCdEf"})
    CHECK_FALSE(fs::exists(dir / name));
  CHECK(fs::exists(dir / "log.key.tmp-AbCdEf"));
  CHECK(fs::exists(dir / "logs.tmp-AbCdEf"));
}

TEST_CASE("audit/recovery: an added key signs at once") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 2, 0);
  std::vector<crypto::PrivateKey> keys;
  keys.push_back(*own_key(dir / "new"));
  keys.push_back(*own_key(log));
  auto signers = *log_signers(log, std::move(keys), "test.example/log");
  VerifyOptions options;
  options.verifiers.push_back(signers.front().verifier());
  CHECK(test::verdict_of(log, options) == "unverifiable");
  REQUIRE(open_log(log, {.file = {}, .signers = std::move(signers)}));
  CHECK(test::verdict_of(log, options) == "ok");
}

TEST_CASE(
    "audit/recovery: an older checkpoint that was put back does not make changed records good") {
  const test::TempDir dir;
  const auto log = dir / "log";
  {
    auto writer = open_log(log, {.file = {}, .rotate_bytes = 1000});
    for (int i = 0; i < 24; ++i)
      REQUIRE(writer->append(audit_record(), kAuditTime));
  }
  const auto segments = *find_segments(log);
  REQUIRE(segments.size() > 3);
  fs::copy_file(beside(segments[0].path, "checkpoint"), beside(log, "checkpoint"),
                fs::copy_options::overwrite_existing);
  auto content = *read_file(segments[2].path);
  content[content.find("alice")] = 'A';
  REQUIRE(write_file(segments[2].path, bytes_of(content), Overwrite::yes));
  fs::remove(beside(log, "tree"));
  CHECK(has(why_refused(log), "is older than"));
  CHECK(test::verdict_of(log) == "rolled-back");
}

TEST_CASE("audit/recovery: a log whose key is missing gets no new one") {
  const test::TempDir dir;
  const auto log = dir / "log";
  write_log(log, 2, 0);
  fs::remove(beside(log, "key"));
  const auto key = own_key(log);
  REQUIRE_FALSE(key);
  CHECK(has(key.error().message, "is missing"));
  CHECK_FALSE(fs::exists(beside(log, "key")));
}

}  // namespace mcpauth::audit
