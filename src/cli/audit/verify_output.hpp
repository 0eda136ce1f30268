#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cli/frame/env.hpp"
#include "core/audit/log/leaf.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/verify.hpp"

namespace mcpauth::cli {

/// Shows the progress of a long verification on a terminal.
class VerifyProgress {
 public:
  VerifyProgress(std::span<const audit::Segment> segments, Env& env);
  void at(std::uint64_t bytes);
  /// Removes the line.
  void done();

 private:
  Env& env_;
  std::uint64_t total_ = 0;
  std::uint64_t shown_percent_ = 0;
  bool shown_ = false;
};

/// What determines which hints are printed.
struct VerifyContext {
  long writer = 0;  ///< the process that writes the log now, or 0
  bool live = false;
  bool key_beside_log = false;
  bool has_keys = false;
};

void print_verify(const audit::VerifyReport& report, const VerifyContext& context, Env& env);

void print_proof(const audit::Proof& proof, const audit::Checkpoint& checkpoint, audit::Trust trust,
                 bool included, Env& env);

void print_continuation(const audit::Checkpoint& older, const audit::Checkpoint& newer,
                        audit::Trust trust, bool continues, Env& env);

}  // namespace mcpauth::cli
