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

/// `# mcpauth: ignore[rule, rule] reason; until=2027-01-31`. It speaks for its own line, or, where
/// nothing else stands in that line, for the next one that is more than a comment.
struct Directive {
  struct Named {
    std::string_view name;       ///< as written, `*` too
    const Rule* rule = nullptr;  ///< null: there is none of this name, or it is `*`
    Place place = {};
    bool is_used = false;
  };
  Place place = {};    ///< the comment
  Place removal = {};  ///< what to delete to be rid of it: with the blanks before, or the line
  std::vector<Named> names = {};
  bool has_list = false;  ///< it has `[...]`
  std::string reason = {};
  std::string until_text = {};        ///< as written; empty: there is none
  std::optional<Instant> until = {};  ///< the first instant at which it no longer counts
  unsigned line = 0;                  ///< the line that it speaks for

  bool is_expired(Instant now) const { return until && *until <= now; }
  /// Whether it silences anything at all.
  bool counts(Instant now) const;
};

/// Every directive of one file, in order.
std::vector<Directive> directives_of(const policy::Source& source, const SourceText& text);

/// Marks the findings that a directive silences, and the names that silenced one. A fault and what
/// is found about directives themselves are not silenced.
void suppress(std::span<Directive> directives, std::span<Finding> findings, Instant now);

/// Adds what is wrong with the directives (RB9xx). `is_judged` tells whether a rule could have
/// found something, so that a directive for it that silenced nothing is of no use.
void check_directives(std::span<const Directive> directives, Instant now,
                      const std::function<bool(const Rule&)>& is_judged, Findings& findings);

}  // namespace mcpauth::policy::lint
