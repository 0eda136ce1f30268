#pragma once

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/log_keys.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/verify.hpp"
#include "core/audit/log/writer.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {

inline constexpr Instant kAuditTime{std::chrono::seconds(1'800'000'000)};

/// The signers of a log: its own key, made beside it.
inline std::vector<audit::NoteSigner> own_signers(const std::filesystem::path& log) {
  std::vector<crypto::PrivateKey> keys;
  auto key = audit::own_key(log);
  REQUIRE(key);
  keys.push_back(*std::move(key));
  auto signers = audit::log_signers(log, std::move(keys), "test.example/log");
  REQUIRE(signers);
  return *std::move(signers);
}

inline Result<audit::Writer> open_log(const std::filesystem::path& log,
                                      audit::WriterOptions options = {}, Instant now = kAuditTime) {
  options.file = log;
  if (options.signers.empty()) options.signers = own_signers(log);
  options.lock_timeout = std::chrono::milliseconds(20);
  return audit::Writer::open(std::move(options), now);
}

inline audit::Record audit_record(std::string sub = "alice") {
  audit::Record record;
  record.id = "i";
  record.request_id = "r";
  record.event = "mint";
  record.sub = std::move(sub);
  record.decision = "allow";
  return record;
}

inline std::vector<audit::NoteVerifier> own_verifiers(const std::filesystem::path& log) {
  std::vector<audit::NoteVerifier> verifiers;
  for (const auto& signer : own_signers(log))
    verifiers.push_back(signer.verifier());
  return verifiers;
}

inline audit::VerifyReport verify_log(const std::filesystem::path& log,
                                      audit::VerifyOptions options = {}) {
  options.log = log;
  if (options.verifiers.empty()) options.verifiers = own_verifiers(log);
  const auto segments = audit::find_segments(log);
  REQUIRE(segments);
  auto report = audit::verify(*segments, options);
  REQUIRE(report);
  return *std::move(report);
}

inline std::string verdict_of(const std::filesystem::path& log, audit::VerifyOptions options = {}) {
  return std::string(audit::name(verify_log(log, std::move(options)).verdict));
}

}  // namespace mcpauth::test
