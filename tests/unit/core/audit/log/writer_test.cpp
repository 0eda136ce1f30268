#include "core/audit/log/writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/writer_lock.hpp"
#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "support/audit_log.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;
using test::audit_record;
using test::kAuditTime;
using test::open_log;

std::vector<std::int64_t> sequence(const fs::path& file) {
  std::vector<std::int64_t> numbers;
  const auto text = read_file(file, 16 << 20);
  REQUIRE(text);
  for (const auto line : text::split(*text, '\n')) {
    if (line.empty()) continue;
    const auto value = json::parse(line);
    REQUIRE(value);
    numbers.push_back(value->find("seq")->integer().value_or(-1));
  }
  return numbers;
}

std::uint64_t sealed_size(const fs::path& log) {
  const auto note = parse_note(*read_file(beside(log, "checkpoint")));
  return parse_checkpoint(note->text)->size;
}

/// Lets this process write no file beyond `bytes`: what a full disk looks like.
class FullDisk {
 public:
  explicit FullDisk(std::size_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

std::string refusal(const fs::path& log) {
  const auto writer = open_log(log);
  REQUIRE_FALSE(writer);
  CHECK(writer.error().reason == reason::kAuditUnavailable);
  return writer.error().message;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// What four threads got for fifty records each.
std::vector<std::vector<std::uint64_t>> append_at_once(const fs::path& log, Durability durability) {
  std::vector<std::vector<std::uint64_t>> got(4);
  auto writer = open_log(log, {.file = {}, .durability = durability});
  REQUIRE(writer);
  std::vector<std::jthread> threads;
  for (auto& mine : got) {
    threads.emplace_back([&writer, &mine] {
      for (int n = 0; n < 50; ++n)
        mine.push_back(writer->append(audit_record(), kAuditTime).value());
    });
  }
  threads.clear();
  return got;
}

}  // namespace

TEST_CASE("audit/writer: seq starts at 0 and has no gap, also after reopening") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  for (std::uint64_t i = 0; i < 3; ++i) {
    auto writer = open_log(log);
    REQUIRE(writer);
    CHECK(*writer->append(audit_record(), kAuditTime) == 2 * i);
    CHECK(*writer->append(audit_record(), kAuditTime) == 2 * i + 1);
  }
  CHECK(sequence(log) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5});
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/writer: log, key and lock are for their owner only, checkpoint and vkey for all") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  REQUIRE(open_log(log)->append(audit_record(), kAuditTime));
  const auto mode = [&](const fs::path& file) {
    struct stat info{};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    return info.st_mode & 0777U;
  };
  for (const auto& file : {log, beside(log, "key"), beside(log, "lock"), beside(log, "tree")})
    CHECK(mode(file) == 0600);
  for (const auto* what : {"checkpoint", "vkey"})
    CHECK(mode(beside(log, what)) == 0644);
}

TEST_CASE("audit/writer: many threads get every seq once, and share writes") {
  for (const auto durability : {Durability::each, Durability::group, Durability::os}) {
    const test::TempDir dir;
    const auto log = dir / "audit.jsonl";
    const auto got = append_at_once(log, durability);
    std::set<std::uint64_t> all;
    for (const auto& mine : got) {
      CHECK(std::ranges::is_sorted(mine));
      all.insert(mine.begin(), mine.end());
    }
    CHECK(all.size() == 200);
    CHECK(*all.rbegin() == 199);
    CHECK(sequence(log).size() == 200);
    CHECK(test::verdict_of(log) == "ok");
  }
}

TEST_CASE("audit/writer: a second writer is refused with the pid of the first") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  {
    const auto first = open_log(log);
    REQUIRE(first);
    CHECK(has(refusal(log), "process " + std::to_string(::getpid()) + " is writing it"));
    CHECK(WriterLock::holder(log) == ::getpid());
  }
  CHECK(WriterLock::holder(log) == 0);
  CHECK(open_log(log));
}

TEST_CASE("audit/writer: on a full disk the record is refused and the log stays whole lines") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  {
    auto writer = open_log(log);
    REQUIRE(writer);
    REQUIRE(writer->append(audit_record(), kAuditTime));
    const auto before = *read_file(log);
    {
      const FullDisk full(before.size() + 20);
      const auto refused = writer->append(audit_record(), kAuditTime);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().reason == reason::kAuditUnavailable);
    }
    CHECK(*read_file(log) == before);
    CHECK(*writer->append(audit_record(), kAuditTime) == 1);
  }
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/writer: on a full disk every thread of a group gets the error") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  std::atomic<int> told = 0;
  {
    auto writer = open_log(log);
    REQUIRE(writer->append(audit_record(), kAuditTime));
    const FullDisk full(fs::file_size(log) + 20);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n)
          if (!writer->append(audit_record(), kAuditTime)) ++told;
      });
    }
  }
  CHECK(told == 160);
  CHECK(sequence(log).size() == 1);
}

TEST_CASE("audit/writer: a file that is not an audit log is not written to") {
  const test::TempDir dir;
  for (const std::string& content :
       {std::string("hello\n"), std::string("{\"seq\":0}\n"), std::string(600'000, 'x') + "\n",
        to_line(audit_record(), 0, kAuditTime) + "\n"}) {
    const auto log = dir.write("log", content);
    refusal(log);
    CHECK(*read_file(log) == content);
  }
}

TEST_CASE("audit/writer: a log that others can write is refused") {
  const test::TempDir dir;
  const auto log = dir.write("log", "");
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    REQUIRE(::chmod(log.c_str(), mode) == 0);
    const auto writer = open_log(log);
    REQUIRE_FALSE(writer);
    CHECK(writer.error().reason == reason::kAuditUnavailable);
    CHECK(writer.error().hint == "chmod 600 " + log.string());
  }
  REQUIRE(::chmod(log.c_str(), 0644) == 0);
  CHECK(open_log(log));
}

TEST_CASE("audit/writer: a directory, a device or a missing folder is not a log") {
  const test::TempDir dir;
  fs::create_directory(dir / "folder");
  fs::create_symlink("/dev/full", dir / "device");
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  for (const auto* name : {"folder", "device", "pipe"}) {
    CAPTURE(name);
    const auto writer =
        open_log(dir / name, {.file = {}, .signers = test::own_signers(dir / "elsewhere")});
    REQUIRE_FALSE(writer);
    CHECK(writer.error().code == Errc::io);
    CHECK(writer.error().reason == reason::kAuditUnavailable);
  }
  const auto missing = own_key(dir / "no/such.jsonl");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().reason == reason::kAuditUnavailable);
  CHECK(missing.error().hint == "mkdir -p " + (dir / "no").string());
}

TEST_CASE("audit/writer: a checkpoint is signed when it is due and at the end") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  {
    auto writer = open_log(log, {.file = {}, .checkpoint_every = seconds(10)});
    CHECK(sealed_size(log) == 0);
    REQUIRE(writer->append(audit_record(), kAuditTime + seconds(9)));
    CHECK(sealed_size(log) == 0);
    REQUIRE(writer->append(audit_record(), kAuditTime + seconds(10)));
    CHECK(sealed_size(log) == 2);
    REQUIRE(writer->append(audit_record(), kAuditTime + seconds(11)));
    REQUIRE(writer->tick(kAuditTime + seconds(12)));
    CHECK(sealed_size(log) == 2);
    CHECK(test::verdict_of(log) == "unsealed-tail");
    REQUIRE(writer->tick(kAuditTime + seconds(20)));
    CHECK(sealed_size(log) == 3);
    REQUIRE(writer->append(audit_record(), kAuditTime + seconds(21)));
  }
  CHECK(sealed_size(log) == 4);
}

TEST_CASE("audit/writer: segments are closed by size and by age, and are one log") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  {
    auto writer = open_log(log, {.file = {}, .rotate_bytes = 1000});
    for (int i = 0; i < 20; ++i)
      REQUIRE(writer->append(audit_record(), kAuditTime));
  }
  const auto by_size = find_segments(log)->size();
  CHECK(by_size > 4);
  {
    auto writer = open_log(log, {.file = {}, .rotate_every = hours(1)});
    REQUIRE(writer->append(audit_record(), kAuditTime + hours(1)));
    REQUIRE(writer->append(audit_record(), kAuditTime + hours(1)));
    REQUIRE(writer->tick(kAuditTime + hours(2)));
    REQUIRE(writer->append(audit_record(), kAuditTime + hours(2)));
  }
  CHECK(find_segments(log)->size() == by_size + 2);
  const auto report = test::verify_log(log);
  CHECK(report.verdict == Verdict::ok);
  CHECK(report.records == 23);
  const auto segments = *find_segments(log);
  for (const auto& segment : segments) {
    if (segment.path != log) CHECK(fs::exists(beside(segment.path, "checkpoint")));
  }
}

TEST_CASE("audit/writer: a rename from outside is noticed, with and without a signal") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  {
    auto writer = open_log(log);
    REQUIRE(writer->append(audit_record(), kAuditTime));
    fs::rename(log, dir / "audit.jsonl.1");
    REQUIRE(writer->append(audit_record(), kAuditTime));
    fs::rename(log, dir / "audit.jsonl-20270115");
    REQUIRE(writer->reopen(kAuditTime));
    CHECK(fs::exists(log));
    REQUIRE(writer->append(audit_record(), kAuditTime));
  }
  CHECK(sequence(log) == std::vector<std::int64_t>{2});
  CHECK(find_segments(log)->size() == 3);
  CHECK(test::verdict_of(log) == "ok");
  fs::rename(log, dir / "audit.jsonl.2");
  REQUIRE(open_log(log)->append(audit_record(), kAuditTime));
  CHECK(sequence(log) == std::vector<std::int64_t>{3});
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/writer: a log that is copied and emptied goes on without a gap") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  {
    auto writer = open_log(log);
    REQUIRE(writer->append(audit_record(), kAuditTime));
    fs::copy_file(log, dir / "audit.jsonl.1");
    fs::resize_file(log, 0);
    CHECK(*writer->append(audit_record(), kAuditTime) == 1);
  }
  CHECK(test::verdict_of(log) == "ok");
}

TEST_CASE("audit/writer: what somebody else writes into the log stops it") {
  const test::TempDir dir;
  const auto log = dir / "audit.jsonl";
  auto writer = open_log(log);
  REQUIRE(writer->append(audit_record(), kAuditTime));
  {
    const int fd = ::open(log.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    REQUIRE(::write(fd, "x\n", 2) == 2);
    ::close(fd);
  }
  const auto refused = writer->append(audit_record(), kAuditTime);
  REQUIRE_FALSE(refused);
  CHECK(has(refused.error().message, "another process changed it"));
}

}  // namespace mcpauth::audit
