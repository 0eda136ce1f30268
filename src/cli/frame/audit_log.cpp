#include "cli/frame/audit_log.hpp"

#include <unistd.h>

#include "cli/frame/key_input.hpp"
#include "cli/frame/output.hpp"
#include "core/audit/log/log_keys.hpp"
#include "core/base/reason.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::cli {

Result<std::vector<audit::NoteSigner>> audit_signers(const config::Audit& audit, Env& env) {
  std::vector<crypto::PrivateKey> keys;
  for (const auto& reference : audit.keys) {
    auto material = open_key(reference, std::nullopt, std::nullopt, env);
    if (!material) return std::move(material).error().context("[audit] key");
    if (!material->private_key) {
      return Error{.code = Errc::config,
                   .message = "[audit] key is a public key, and checkpoints are signed with it",
                   .hint = "mcpauth keygen --alg EdDSA -o audit.pem"};
    }
    keys.push_back(std::move(material->private_key->key));
  }
  if (keys.empty()) {
    TRY(auto own, audit::own_key(audit.file));
    keys.push_back(std::move(own));
  }
  return audit::log_signers(audit.file, std::move(keys), audit.origin);
}

Result<AuditLog> AuditLog::open(const config::Config& config, Env& env) {
  AuditLog log(env);
  if (!config.audit) return log;
  const config::Audit& audit = *config.audit;
  TRY(auto signers, audit_signers(audit, env));
  TRY(auto writer, audit::Writer::open({.file = audit.file,
                                        .signers = std::move(signers),
                                        .durability = audit.durability,
                                        .rotate_bytes = audit.rotate_size,
                                        .rotate_every = audit.rotate_every,
                                        .checkpoint_every = audit.checkpoint_every},
                                       env.now()));
  log.writer_ = std::make_unique<audit::Writer>(std::move(writer));
  log.request_id_ = crypto::random_id(env.random);
  if (const auto torn = log.writer_->torn_bytes(); torn != 0) {
    warn(env, "the audit log ended in a torn line of " + std::to_string(torn) +
                  " bytes, which no one was told of as recorded; it was cut off");
  }
  return log;
}

AuditLog::~AuditLog() {
  if (!writer_) return;
  const auto closed = writer_->close(env_->now());
  if (!closed) warn(*env_, "no checkpoint was signed: " + for_reader(closed.error().message));
}

Result<void> AuditLog::intent(audit::Record& record) {
  start_ = env_->clock->ticks();
  if (!writer_) return {};
  record.id = crypto::random_id(env_->random);
  record.request_id = request_id_;
  record.phase = audit::Phase::intent;
  record.decision = "allow";
  record.reason = reason::kGranted;
  TRY_VOID(writer_->append(record, env_->now()));
  return {};
}

Result<void> AuditLog::outcome(audit::Record& record, const Error* error) {
  if (!writer_) return {};
  record.phase = audit::Phase::outcome;
  record.decision = error == nullptr ? "allow" : "error";
  if (error != nullptr) record.reason = error->reason.empty() ? name(error->code) : error->reason;
  record.latency =
      std::chrono::duration_cast<std::chrono::microseconds>(env_->clock->ticks() - start_);
  TRY_VOID(writer_->append(record, env_->now()));
  return {};
}

Result<void> record_event(audit::Record record, const config::Config& config, Env& env) {
  TRY(auto log, AuditLog::open(config, env));
  if (log.writer() == nullptr) return {};
  record.request_id = log.request_id();
  record.decision = "allow";
  record.reason = reason::kGranted;
  TRY_VOID(log.writer()->append(record, env.now()));
  return {};
}

audit::Record operator_record(std::string event) {
  audit::Record record;
  record.event = std::move(event);
  record.sub = "uid:" + std::to_string(::geteuid());
  record.client_id = "mcpauth";
  return record;
}

}  // namespace mcpauth::cli
