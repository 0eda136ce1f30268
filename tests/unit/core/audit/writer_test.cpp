#include "core/audit/writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::audit {
namespace {

constexpr Instant kWhen{std::chrono::seconds(1'800'000'000)};

Record record(std::string sub = "alice") {
  Record made{.id = "i", .request_id = "r", .event = "mint"};
  made.sub = std::move(sub);
  return made;
}

std::vector<std::int64_t> sequence(const std::filesystem::path& file) {
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

}  // namespace

TEST_CASE("audit/writer: seq starts at 0 and has no gap, also after reopening") {
  const test::TempDir dir;
  const auto file = dir / "audit.jsonl";
  for (int i = 0; i < 2; ++i) {
    auto writer = Writer::open(file);
    REQUIRE(writer);
    CHECK(*writer->append(record(), kWhen) == static_cast<std::uint64_t>(2 * i));
    CHECK(*writer->append(record(), kWhen) == static_cast<std::uint64_t>(2 * i + 1));
  }
  CHECK(sequence(file) == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("audit/writer: the log is readable by its owner only") {
  const test::TempDir dir;
  REQUIRE(Writer::open(dir / "audit.jsonl"));
  struct stat info{};
  REQUIRE(::stat((dir / "audit.jsonl").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("audit/writer: writers at once leave no gap and no torn line") {
  const test::TempDir dir;
  const auto file = dir / "audit.jsonl";
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        auto writer = Writer::open(file);
        for (int n = 0; writer && n < 25; ++n) {
          if (!writer->append(record(std::string(3000, 'x')), kWhen)) return;
        }
      });
    }
  }
  const auto numbers = sequence(file);
  REQUIRE(numbers.size() == 100);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    CHECK(numbers[i] == static_cast<std::int64_t>(i));
}

TEST_CASE("audit/writer: on a full disk the record is refused and the log stays whole lines") {
  const test::TempDir dir;
  const auto file = dir / "audit.jsonl";
  auto writer = Writer::open(file);
  REQUIRE(writer);
  REQUIRE(writer->append(record(), kWhen));
  const auto before = *read_file(file);
  {
    const FullDisk full(before.size() + 20);
    const auto refused = writer->append(record(), kWhen);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == reason::kAuditUnavailable);
  }
  CHECK(*read_file(file) == before);
  CHECK(*writer->append(record(), kWhen) == 1);
}

TEST_CASE("audit/writer: what is no log of ours is not written to") {
  const test::TempDir dir;
  const auto refused = [&](std::string_view content) {
    auto writer = Writer::open(dir.write("log", content));
    REQUIRE(writer);
    const auto done = writer->append(record(), kWhen);
    REQUIRE_FALSE(done);
    CHECK(done.error().reason == reason::kAuditUnavailable);
    CHECK(*read_file(dir / "log", 4 << 20) == content);
    return done.error().message;
  };
  CHECK(refused("hello\n").find("not an audit record") != std::string::npos);
  CHECK(refused("{\"seq\":\"3\"}\n").find("not an audit record") != std::string::npos);
  CHECK(refused("{\"seq\":-1}\n").find("not an audit record") != std::string::npos);
  CHECK(refused("{\"seq\":0}\n{\"seq\":1").find("incomplete") != std::string::npos);
  CHECK(refused(std::string(2 << 20, 'x') + "\n").find("not an audit record") != std::string::npos);
}

TEST_CASE("audit/writer: a log that others can write is refused") {
  const test::TempDir dir;
  const auto file = dir.write("log", "");
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    const auto writer = Writer::open(file);
    REQUIRE_FALSE(writer);
    CHECK(writer.error().reason == reason::kAuditUnavailable);
    CHECK(writer.error().hint == "chmod 600 " + file.string());
  }
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  CHECK(Writer::open(file));
}

TEST_CASE("audit/writer: a lock that another holds ends in an error, not in waiting for ever") {
  const test::TempDir dir;
  const auto file = dir / "audit.jsonl";
  auto writer = Writer::open(file, std::chrono::milliseconds(20));
  REQUIRE(writer);
  const int other = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(other, LOCK_EX) == 0);
  const auto refused = writer->append(record(), kWhen);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == reason::kAuditUnavailable);
  CHECK(refused.error().message.find(file.string()) != std::string::npos);
  ::close(other);
  CHECK(*writer->append(record(), kWhen) == 0);
}

TEST_CASE("audit/writer: a directory, a device or a missing folder is no log") {
  const test::TempDir dir;
  for (const auto& path : {dir.path(), std::filesystem::path("/dev/full"), dir / "no/such.jsonl"}) {
    CAPTURE(path);
    const auto writer = Writer::open(path);
    REQUIRE_FALSE(writer);
    CHECK(writer.error().code == Errc::io);
    CHECK(writer.error().reason == reason::kAuditUnavailable);
  }
}

}  // namespace mcpauth::audit
