#pragma once

#include <string>

#include "core/policy/lint/finding/findings.hpp"
#include "core/policy/lint/rules/references/known_names.hpp"

namespace mcpauth::policy::lint {

/// A name that is not among the known ones.
struct Unlisted {
  const Rule& rule;
  const policy::Text& text;
  std::string message;
  std::string path;
  std::string otherwise;  ///< the hint if no known name is similar
};

/// Reports it, with the most similar known name as the fix.
void report_unlisted(Unlisted unlisted, KnownNames& known, Findings& findings);

}  // namespace mcpauth::policy::lint
