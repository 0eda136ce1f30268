#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/jose/verify.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::token {

/// Where the lines come from and go to. Each function is called by one thread at a time.
struct BulkStreams {
  /// Fills a part of the buffer with what is there, waiting only while nothing is; 0 at the end.
  std::function<Result<std::size_t>(std::span<char>)> read;
  /// Writes whole lines. After an error no more is read.
  std::function<Result<void>(std::string_view)> write;
};

struct BulkRules {
  jose::Expectations expect;
  const policy::Engine* engine = nullptr;  ///< with `tool`: the check `policy` as well
  std::string tool = {};
  unsigned threads = 1;  ///< at least 1
};

struct BulkCount {
  std::uint64_t valid = 0;
  std::uint64_t invalid = 0;
  std::uint64_t unverifiable = 0;

  std::uint64_t lines() const { return valid + invalid + unverifiable; }
};

/// Judges a token per line and writes a verdict per line, JSON, in the order of the input. Memory
/// is bounded whatever comes: one chunk per thread and a few answers are in flight, and of a line
/// longer than a token may be only so much is kept as shows that. What has been read is answered
/// before more is waited for, so that a conversation over pipes works. `clock` is read anew for
/// every chunk.
Result<BulkCount> verify_bulk(const BulkStreams& streams, jose::KeySource& keys,
                              const BulkRules& rules, const Clock& clock);

/// The verdict on one token as a line of JSON, with its newline.
std::string verdict_line(std::uint64_t number, const jose::Report& report);

}  // namespace mcpauth::token
