// Writes an audit log as a server would, for the tests that kill it, fill its disk or change what
// it wrote: appends records from several threads and prints the `seq` of each once it is
// acknowledged, one a line. Ends after COUNT records of each thread, or never.
//   audit_writer FILE COUNT THREADS DURABILITY ROTATE_BYTES CHECKPOINT_SECONDS SEED

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/audit/log/log_keys.hpp"
#include "core/audit/log/writer.hpp"
#include "core/base/clock.hpp"

namespace {

using namespace mcpauth;

const std::vector<std::string> kNames = {
    "alice",     "bob@example.com", "line\nbreak", "\x1b[31mred",
    "q\"uote\\", "\u202egnp.exe",   "\xff\xfe",    "",
    "zo\u00eb"};
const std::vector<std::string> kTools = {"hr/get_employee", "hr/delete", "crm/search", ""};

audit::Record record_of(std::mt19937_64& random, std::uint64_t number) {
  audit::Record record;
  record.id = "id-" + std::to_string(random());
  record.request_id = "r-" + std::to_string(number);
  record.event = random() % 4 == 0 ? "keys.rotate" : "mint";
  record.org_id = random() % 3 == 0 ? "beta" : "acme";
  record.sub = kNames[random() % kNames.size()];
  record.tool = kTools[random() % kTools.size()];
  record.server = record.tool.substr(0, record.tool.find('/'));
  if (random() % 3 != 0) record.scopes = {"hr:read", "crm:read"};
  const bool allowed = random() % 5 != 0;
  record.decision = allowed ? "allow" : "deny";
  record.reason = allowed ? "granted" : "no-grant";
  record.latency = std::chrono::microseconds(random() % 100'000);
  return record;
}

void acknowledge(std::uint64_t seq) {
  const std::string line = std::to_string(seq) + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(4);
}

int fail(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 3;
}

void append_records(audit::Writer& writer, std::uint64_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const SystemClock clock;
  for (std::uint64_t i = 0; i < count; ++i) {
    audit::Record record = record_of(random, i);
    if (record.decision == "allow") {
      record.phase = audit::Phase::intent;
      const auto intent = writer.append(record, clock.now());
      if (!intent) std::_Exit(fail(intent.error()));
      acknowledge(*intent);
      record.phase = audit::Phase::outcome;
    }
    const auto outcome = writer.append(record, clock.now());
    if (!outcome) std::_Exit(fail(outcome.error()));
    acknowledge(*outcome);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) return 2;
  const std::string file = argv[1];
  const std::string durability = argv[4];
  auto key = audit::own_key(file);
  if (!key) return fail(key.error());
  std::vector<crypto::PrivateKey> keys;
  keys.push_back(*std::move(key));
  auto signers = audit::log_signers(file, std::move(keys), "test.example/log");
  if (!signers) return fail(signers.error());
  audit::WriterOptions options;
  options.file = file;
  options.signers = *std::move(signers);
  options.durability = durability == "each" ? audit::Durability::each
                       : durability == "os" ? audit::Durability::os
                                            : audit::Durability::group;
  options.rotate_bytes = std::strtoull(argv[5], nullptr, 10);
  options.checkpoint_every = std::chrono::seconds(std::strtoull(argv[6], nullptr, 10));
  const SystemClock clock;
  auto writer = audit::Writer::open(std::move(options), clock.now());
  if (!writer) return fail(writer.error());
  std::vector<std::jthread> threads;
  for (std::uint64_t i = 0; i < std::strtoull(argv[3], nullptr, 10); ++i) {
    threads.emplace_back([&, i] {
      append_records(*writer, std::strtoull(argv[2], nullptr, 10),
                     std::strtoull(argv[7], nullptr, 10) + i);
    });
  }
  threads.clear();
  const auto closed = writer->close(clock.now());
  return closed ? 0 : fail(closed.error());
}
