#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/policy/lint/finding/finding.hpp"

namespace mcpauth::policy::lint {

/// A finding that was there when the baseline was written.
struct Known {
  std::string rule;  ///< by name
  std::string file;
  std::string path;  ///< as in Finding; without one, the message
  Instant first_seen = {};
  std::size_t count = 1;  ///< how many findings share rule, file and path; one more is new
};

/// What identifies a finding from one version of a file to the next: its rule, file and path, never
/// the line. One line of text.
std::string fingerprint(const Finding& finding);

/// Accepted findings, so that only new ones count. A fault cannot be among them.
struct Baseline {
  std::string file = {};  ///< its own file name, for messages
  std::vector<Known> known = {};

  /// Marks the known findings, but no more of the same than there were. Returns how many entries
  /// match no finding any more, although their file is one of `files`.
  std::size_t apply(std::span<Finding> findings, std::span<const std::string_view> files) const;
};

/// Reads the JSON of `write_baseline` (mcpauth.rbac.baseline/1). Strict: Errc::config.
Result<Baseline> parse_baseline(std::string_view text, std::string_view file);

/// A baseline of all findings that are neither faults nor suppressed. Each has the day on which
/// `before` first saw it, or the day of `now`.
std::string write_baseline(std::span<const Finding> findings, const Baseline& before, Instant now);

}  // namespace mcpauth::policy::lint
