#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/policy/engine/load.hpp"
#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// `# mcpauth: ignore[rule, rule] reason; until=2027-01-31`. It applies to its own line. If
/// the line holds nothing else, it applies to the next line that is more than a comment.
struct Directive {
  struct Named {
    std::string_view name;       ///< as written, `*` too
    const Rule* rule = nullptr;  ///< null: no rule has this name, or it is `*`
    Place place = {};
    bool is_used = false;
  };
  Place place = {};  ///< the comment
  Place removal =
      {};  ///< what to delete to remove it: with the blanks before it, or the whole line
  std::vector<Named> names = {};
  bool has_list = false;  ///< it has `[...]`
  std::string reason = {};
  std::string until_text = {};        ///< as written; empty: not given
  std::optional<Instant> until = {};  ///< it expires at this instant
  unsigned line = 0;                  ///< the line that it applies to

  bool is_expired(Instant now) const { return until && *until <= now; }
  /// Whether it silences anything at all.
  bool counts(Instant now) const;
};

/// Every directive of one file, in order.
std::vector<Directive> directives_of(const policy::Source& source, const SourceText& text);

/// Marks the findings that a directive silences, and the rule names that silenced one. Faults and
/// findings about directives are not silenced.
void suppress(std::span<Directive> directives, std::span<Finding> findings, Instant now);

}  // namespace mcpauth::policy::lint
