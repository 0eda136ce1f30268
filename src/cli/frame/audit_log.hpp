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

/// The keys that sign a log's checkpoints. Without references it is the log's own (audit::own_key).
Result<std::vector<audit::NoteSigner>> audit_signers(const config::Audit& audit, Env& env);

/// The audit log of one command. A log has one writer at a time, so open it just before the first
/// record. Where no log is configured, nothing is recorded.
class AuditLog {
 public:
  static Result<AuditLog> open(const config::Config& config, Env& env);
  AuditLog(AuditLog&&) noexcept = default;
  AuditLog& operator=(AuditLog&&) = delete;
  /// Signs a checkpoint. The records are safe without it, so a failure is only a warning.
  ~AuditLog();

  /// Null where nothing is recorded.
  audit::Writer* writer() { return writer_.get(); }
  const std::string& request_id() const { return request_id_; }

  /// Records the intent. After it has succeeded the effect may happen.
  Result<void> intent(audit::Record& record);
  /// Records how the effect ended: `error` is null where it succeeded.
  Result<void> outcome(audit::Record& record, const Error* error);

 private:
  explicit AuditLog(Env& env) : env_(&env) {}

  Env* env_;
  std::unique_ptr<audit::Writer> writer_;
  std::string request_id_;
  std::chrono::nanoseconds start_{};
};

/// Records an event without an intent, such as the start of a server. Where no log is configured,
/// nothing is recorded.
Result<void> record_event(audit::Record record, const config::Config& config, Env& env);

/// A record of a command that an operator ran: `sub` is the user of the system.
audit::Record operator_record(std::string event);

/// Calls `effect` between two records, intent and outcome; not at all when the intent cannot be
/// written. Under `-C none` nothing is recorded. `describe` may add to the outcome's record what
/// the effect gave.
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
