#include "core/token/bulk.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/token/lines.hpp"
#include "core/token/tool_check.hpp"

namespace mcpauth::token {
namespace {

using jose::Report;
using jose::Verdict;

void add_claim(std::string& line, std::string_view name, const json::Value& claims) {
  const auto* claim = claims.find(name);
  if (claim == nullptr) return;
  line.append(",\"").append(name).append("\":").append(json::write(*claim));
}

void add_failures(std::string& line, const Report& report) {
  std::string_view separator = ",\"failed\":[";
  for (const auto& check : report.checks) {
    if (check.outcome != jose::Outcome::fail) continue;
    line.append(separator).append("\"").append(check.reason).append("\"");
    separator = ",";
  }
  if (separator == ",") line += "]";
}

/// How many chunks may wait for an earlier one; about 64 KiB each.
constexpr std::size_t kMostAside = 16;

/// The answers to the lines of a chunk.
struct Answers {
  Result<void> judged;
  std::string text;
  BulkCount count;
};

/// Every thread takes a chunk, verifies its tokens and hands in the answers. Answers that are not
/// next in order are set aside; a thread waits only when too many are.
class Bulk {
 public:
  Bulk(const BulkStreams& streams, jose::KeySource& keys, const BulkRules& rules,
       const Clock& clock)
      : streams_(streams),
        keys_(keys),
        rules_(rules),
        clock_(clock),
        reader_(streams.read, jose::kMaxTokenBytes) {}

  Result<BulkCount> run() {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < rules_.threads; ++i)
      helpers.emplace_back([this] { work(); });
    work();
    helpers.clear();
    if (failure_) return *std::move(failure_);
    return count_;
  }

 private:
  void work() {
    LineChunk chunk;
    while (take(chunk)) {
      Answers answers;
      answers.judged = judge(chunk, answers);
      if (!give(chunk.number, std::move(answers))) return;
    }
  }

  bool take(LineChunk& chunk) {
    const std::scoped_lock lock(read_mutex_);
    if (stopped_) return false;
    auto more = reader_.next(chunk);
    if (more && *more) return true;
    stopped_ = true;
    if (!more) fail(std::move(more).error());
    return false;
  }

  Result<void> judge(const LineChunk& chunk, Answers& answers) {
    TRY(auto set, keys_.keys());
    const Instant now = clock_.now();
    std::uint64_t number = chunk.first_line;
    for (const std::string_view line : chunk.lines) {
      Report report = jose::verify(line, *set, rules_.expect, now);
      if (report.verdict == Verdict::unverifiable) {
        TRY(set, keys_.keys_after_unknown(report.kid));
        report = jose::verify(line, *set, rules_.expect, now);
      }
      if (rules_.engine != nullptr) check_tool(report, *rules_.engine, rules_.tool);
      answers.count.valid += report.verdict == Verdict::valid ? 1 : 0;
      answers.count.invalid += report.verdict == Verdict::invalid ? 1 : 0;
      answers.count.unverifiable += report.verdict == Verdict::unverifiable ? 1 : 0;
      answers.text += verdict_line(number++, report);
    }
    return {};
  }

  /// Writes the answers of this chunk and those set aside that follow it, or sets them aside. False
  /// when no more are wanted.
  bool give(std::uint64_t number, Answers answers) {
    std::unique_lock lock(write_mutex_);
    turn_.wait(lock, [&] { return next_ == number || aside_.size() < kMostAside || over_; });
    if (over_) return false;
    aside_.emplace(number, std::move(answers));
    Result<void> written;
    while (written && !aside_.empty() && aside_.begin()->first == next_) {
      written = write(aside_.begin()->second);
      aside_.erase(aside_.begin());
      ++next_;
    }
    over_ = !written;
    turn_.notify_all();
    lock.unlock();
    if (written) return true;
    fail(std::move(written).error());
    const std::scoped_lock reading(read_mutex_);
    stopped_ = true;
    return false;
  }

  Result<void> write(Answers& answers) {
    TRY_VOID(std::move(answers.judged));
    TRY_VOID(streams_.write(answers.text));
    count_.valid += answers.count.valid;
    count_.invalid += answers.count.invalid;
    count_.unverifiable += answers.count.unverifiable;
    return {};
  }

  void fail(Error error) {
    const std::scoped_lock lock(failure_mutex_);
    if (!failure_) failure_ = std::move(error);
  }

  const BulkStreams& streams_;
  jose::KeySource& keys_;
  const BulkRules& rules_;
  const Clock& clock_;

  std::mutex read_mutex_;
  LineReader reader_;
  bool stopped_ = false;

  std::mutex write_mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ = 0;  ///< the chunk whose answers are written next
  std::map<std::uint64_t, Answers> aside_;
  bool over_ = false;
  BulkCount count_;

  std::mutex failure_mutex_;
  std::optional<Error> failure_;
};

}  // namespace

std::string verdict_line(std::uint64_t number, const Report& report) {
  std::string line = "{\"line\":" + std::to_string(number);
  line += report.verdict == Verdict::valid ? ",\"valid\":true" : ",\"valid\":false";
  line.append(",\"verdict\":\"").append(name(report.verdict)).append("\"");
  if (const auto* failure = report.first_failure()) {
    line.append(",\"reason\":\"").append(failure->reason).append("\"");
  }
  add_failures(line, report);
  if (!report.kid.empty()) line.append(",\"kid\":").append(json::quote(report.kid));
  for (const auto* claim : {"iss", "sub", "org_id", "jti", "exp"}) {
    add_claim(line, claim, report.claims);
  }
  if (report.claims.find("cnf") != nullptr) line += ",\"bound\":true";
  return line + "}\n";
}

Result<BulkCount> verify_bulk(const BulkStreams& streams, jose::KeySource& keys,
                              const BulkRules& rules, const Clock& clock) {
  return Bulk(streams, keys, rules, clock).run();
}

}  // namespace mcpauth::token
