#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/frame/env.hpp"
#include "cli/frame/settings.hpp"
#include "core/audit/log/writer.hpp"
#include "core/config/config.hpp"

namespace mcpauth::cli {

/// The keys that a log signs with, from their references; none: the log's own (audit::own_key).
Result<std::vector<audit::NoteSigner>> audit_signers(const config::Audit& audit, Env& env);

/// The audit log of one command, open from its first record to its last: others may write it before
/// and after. Where no log is configured nothing is recorded.
class AuditLog {
 public:
  static Result<AuditLog> open(const config::Config& config, Env& env);
  AuditLog(AuditLog&&) noexcept = default;
  AuditLog& operator=(AuditLog&&) = delete;
  /// Signs what was recorded. Records are safe without it; so a failure is a warning.
  ~AuditLog();

  /// Null where nothing is recorded.
  audit::Writer* writer() { return writer_.get(); }
  const std::string& request_id() const { return request_id_; }

  /// The record's intent: what it is about may be done once this has returned.
  Result<void> intent(audit::Record& record);
  /// How it ended: `error` is null where it was done.
  Result<void> outcome(audit::Record& record, const Error* error);

 private:
  explicit AuditLog(Env& env) : env_(&env) {}

  Env* env_;
  std::unique_ptr<audit::Writer> writer_;
  std::string request_id_;
  std::chrono::nanoseconds start_{};
};

/// Records one event that has no two sides, such as a server's start. Where no log is configured
/// nothing is recorded.
Result<void> record_event(audit::Record record, const config::Config& config, Env& env);

/// A record of something that an operator does at a command line: `sub` is the system's user.
audit::Record operator_record(std::string event);

/// Does something between its two records, or not at all where the first cannot be written. What is
/// recorded, and where, says the configuration; under `-C none` nothing is. `describe` may complete
/// the outcome's record from what was done.
template <class Effect, class Describe>
auto audited(audit::Record record, Env& env, Effect effect, Describe describe)
    -> decltype(effect()) {
  TRY(const auto config, load_settings(env));
  TRY(AuditLog log, AuditLog::open(config, env));
  TRY_VOID(log.intent(record));
  auto done = effect();
  if (done) describe(record, done);
  TRY_VOID(log.outcome(record, done ? nullptr : &done.error()));
  return done;
}

template <class Effect>
auto audited(audit::Record record, Env& env, Effect effect) -> decltype(effect()) {
  return audited(std::move(record), env, effect, [](audit::Record&, const auto&) {});
}

}  // namespace mcpauth::cli
