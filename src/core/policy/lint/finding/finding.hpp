#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/policy/engine/fault.hpp"
#include "core/policy/lint/finding/rule.hpp"

namespace mcpauth::policy::lint {

using policy::Label;
using policy::Place;

/// One change of the text at a place; an empty place (start equals end) inserts.
struct Edit {
  Place place;
  std::string text;
};

/// What would mend a finding. Whether it may be applied unasked is told by the rule's FixKind.
struct Fix {
  std::string title;  ///< imperative, no period: "take the second `db:read:*` out"
  std::vector<Edit> edits;
};

/// Why a finding is not shown as one.
struct Suppression {
  std::string reason;
  Place place;  ///< the comment; of a baseline the file
};

/// One thing that a rule found.
struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;  ///< the rule's, unless the configuration sets another
  Place place = {};                       ///< what is underlined
  std::string message = {};               ///< as in Error: starts lower case, names in `backquotes`
  std::string label = {};                 ///< beside the underline; may be empty
  std::vector<Label> related = {};
  std::string why = {};   ///< the chain, "idp:helpdesk → support → ops → payments:*"; may be empty
  std::string hint = {};  ///< what to do; may be empty
  std::optional<Fix> fix = {};
  /// Where it is by meaning, `roles.dev.scopes["svc:*"]`: what a baseline knows it by.
  std::string path = {};
  std::optional<Suppression> suppressed = {};
  bool is_in_baseline = false;
  bool is_fault = false;  ///< it keeps the policy from being used: nothing silences it
};

}  // namespace mcpauth::policy::lint
