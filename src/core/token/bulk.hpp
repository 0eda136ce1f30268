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

/// Where the lines come from and go to. Each function is called from one thread at a time.
struct BulkStreams {
  /// Fills part of the buffer with what is available. Waits only when there is nothing; 0 at the
  /// end.
  std::function<Result<std::size_t>(std::span<char>)> read;
  /// Writes whole lines. After an error no more is read.
  std::function<Result<void>(std::string_view)> write;
};

struct BulkRules {
  jose::Expectations expect;
  const policy::Engine* engine = nullptr;  ///< with `tool`: adds the check `policy`
  std::string tool = {};
  unsigned threads = 1;  ///< at least 1
};

struct BulkCount {
  std::uint64_t valid = 0;
  std::uint64_t invalid = 0;
  std::uint64_t unverifiable = 0;

  std::uint64_t lines() const { return valid + invalid + unverifiable; }
};

/// Verifies one token a line and writes one verdict a line, as JSON and in the order of the input.
/// Memory is bounded: each thread holds one chunk, a few answers wait, and a line that is too long
/// for a token is cut. Lines that have been read are answered before it waits for more, so a
/// dialogue over pipes works. Reads `clock` once a chunk.
Result<BulkCount> verify_bulk(const BulkStreams& streams, jose::KeySource& keys,
                              const BulkRules& rules, const Clock& clock);

/// The verdict on one token as a line of JSON, with its newline.
std::string verdict_line(std::uint64_t number, const jose::Report& report);

}  // namespace mcpauth::token
