#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/policy/engine/load.hpp"
#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/finding/subject.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// A comment `# mcpauth: ignore[rule, rule] reason; until=2027-01-31`. It applies to its own line.
/// A comment alone on its line applies to the next line that is not a comment.
struct Directive {
  struct Named {
    std::string_view name;       ///< as written; may be `*`
    const Rule* rule = nullptr;  ///< null when no rule has this name, or it is `*`
    Place place = {};
    bool is_used = false;
  };
  Place place = {};    ///< the comment
  Place removal = {};  ///< what to delete to remove it: also the blanks before, or the whole line
  std::vector<Named> names = {};
  bool has_list = false;  ///< it has `[...]`
  std::string reason = {};
  std::string until_text = {};        ///< as written; empty when there is none
  std::optional<Instant> until = {};  ///< the first instant at which it no longer counts
  unsigned line = 0;                  ///< the line that it applies to

  bool is_expired(Instant now) const { return until && *until <= now; }
  /// Whether it is complete and not expired, so that it silences findings.
  bool counts(Instant now) const;
};

/// All directives of one file, in order.
std::vector<Directive> directives_of(const policy::Source& source, const SourceText& text);

/// Marks the findings that a directive silences, and the names in directives that were used. Faults
/// and findings about directives are never silenced.
void suppress(std::span<Directive> directives, std::span<Finding> findings, Instant now);

/// Adds findings about the directives themselves (RB9xx). `is_judged` tells whether a rule was able
/// to find something: only then is a directive that silenced nothing reported as unused.
void check_directives(std::span<const Directive> directives, Instant now,
                      const std::function<bool(const Rule&)>& is_judged, Findings& findings);

}  // namespace mcpauth::policy::lint
