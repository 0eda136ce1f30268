#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/policy/lint/finding/finding.hpp"

namespace mcpauth::policy::lint {

/// A finding that was there when somebody decided to live with what there was.
struct Known {
  std::string rule;  ///< by name
  std::string file;
  std::string path;  ///< as in Finding; the message where the finding has none
  Instant first_seen = {};
  std::size_t count = 1;  ///< how many findings are known by this; one more is new
};

/// What a finding is known by from one version of a file to the next: rule, file and semantic path,
/// never the line. One line of text.
std::string fingerprint(const Finding& finding);

/// The findings of a day, so that only new ones are told. No fault can be in it.
struct Baseline {
  std::string file = {};  ///< where it stands, for messages
  std::vector<Known> known = {};

  /// Marks those of the findings that are known, of those known by the same only as many as were
  /// there. Returns how many of the known ones match none of the findings, although their file is
  /// one of `files`.
  std::size_t apply(std::span<Finding> findings, std::span<const std::string_view> files) const;
};

/// Reads the JSON that `write_baseline` writes (mcpauth.rbac.baseline/1). Strict.
Result<Baseline> parse_baseline(std::string_view text, std::string_view file);

/// All findings that could be known, each with the day on which `before` saw it first, else
/// today's.
std::string write_baseline(std::span<const Finding> findings, const Baseline& before, Instant now);

}  // namespace mcpauth::policy::lint
