// Records per second of the audit log, and of a program that only appends the same lines.
//   bench_audit_write ours|plain each|group|os THREADS COUNT FILE    prints records per second
//   bench_audit_write make COUNT FILE                                writes a log of COUNT records

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/audit/log/log_keys.hpp"
#include "core/audit/log/writer.hpp"

namespace {

using namespace mcpauth;

constexpr Instant kWhen{std::chrono::seconds(1'800'000'000)};

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(3);
}

/// Every tenth record is a denial. Subjects, tools and servers vary as in real logs.
audit::Record record_of(std::uint64_t number) {
  audit::Record record;
  record.id = "id-" + std::to_string(number / 2 * 7919);
  record.request_id = "request-" + std::to_string(number / 2);
  record.event = "mint";
  record.org_id = number % 7 == 0 ? "beta" : "acme";
  record.sub = "user-" + std::to_string(number % 4093) + "@example.com";
  record.idp = "okta";
  record.client_id = "inspector";
  record.server = number % 3 == 0 ? "crm" : "hr";
  record.tool = record.server + (number % 5 == 0 ? "/delete_employee" : "/get_employee");
  record.scopes = {"hr:read:employee"};
  record.decision = number % 10 == 0 ? "deny" : "allow";
  record.reason = number % 10 == 0 ? "no-grant" : "granted";
  record.policy = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
  record.jti = "jti-" + std::to_string(number);
  record.latency = std::chrono::microseconds(100 + number % 997);
  return record;
}

audit::Durability durability_named(std::string_view name) {
  if (name == "each") return audit::Durability::each;
  return name == "os" ? audit::Durability::os : audit::Durability::group;
}

audit::Writer open_log(const std::string& file, audit::Durability durability) {
  auto key = audit::own_key(file);
  if (!key) fail(key.error().message);
  std::vector<crypto::PrivateKey> keys;
  keys.push_back(*std::move(key));
  auto signers = audit::log_signers(file, std::move(keys), "bench.example/log");
  auto writer = audit::Writer::open(
      {.file = file, .signers = *std::move(signers), .durability = durability}, kWhen);
  if (!writer) fail(writer.error().message);
  return *std::move(writer);
}

/// Runs `append(number)` for `count` numbers, spread over the threads. Returns calls per second.
double rate_of(unsigned threads, std::uint64_t count, const auto& append) {
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) {
      workers.emplace_back([&, i] {
        for (std::uint64_t number = i; number < count; number += threads)
          append(number);
      });
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(count) / took.count();
}

double ours(const std::string& file, audit::Durability durability, unsigned threads,
            std::uint64_t count) {
  auto writer = open_log(file, durability);
  return rate_of(threads, count, [&writer](std::uint64_t number) {
    if (const auto seq = writer.append(record_of(number), kWhen); !seq) fail(seq.error().message);
  });
}

/// No tree and no batches: one write per record, and one sync if the mode has it.
double plain(const std::string& file, audit::Durability durability, unsigned threads,
             std::uint64_t count) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) fail("open");
  std::vector<std::string> lines;
  for (std::uint64_t number = 0; number < count; ++number)
    lines.push_back(audit::to_line(record_of(number), number, kWhen) + "\n");
  std::mutex mutex;
  const bool sync = durability != audit::Durability::os;
  return rate_of(threads, count, [&](std::uint64_t number) {
    const std::lock_guard lock(mutex);
    const auto& line = lines[number];
    if (::write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size())) fail("write");
    if (sync && ::fdatasync(fd) != 0) fail("sync");
  });
}

void make(const std::string& file, std::uint64_t count) {
  constexpr std::uint64_t kBatch = 4096;
  auto writer = open_log(file, audit::Durability::os);
  std::vector<audit::Record> batch;
  for (std::uint64_t number = 0; number < count; ++number) {
    batch.push_back(record_of(number));
    if (batch.size() < kBatch && number + 1 < count) continue;
    if (const auto seq = writer.append_all(batch, kWhen); !seq) fail(seq.error().message);
    batch.clear();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "make") {
    make(words[2], std::strtoull(words[1].c_str(), nullptr, 10));
    return 0;
  }
  if (words.size() != 5) return 2;
  const auto durability = durability_named(words[1]);
  const auto threads = static_cast<unsigned>(std::strtoul(words[2].c_str(), nullptr, 10));
  const auto count = std::strtoull(words[3].c_str(), nullptr, 10);
  const double rate = words[0] == "ours" ? ours(words[4], durability, threads, count)
                                         : plain(words[4], durability, threads, count);
  std::printf("%.1f\n", rate);
  return 0;
}
