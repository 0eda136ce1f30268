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

/// The edits that would resolve a finding. The FixKind of its rule tells whether they may be
/// applied without --unsafe-fixes.
struct Fix {
  std::string title;  ///< imperative, no period: "take the second `db:read:*` out"
  std::vector<Edit> edits;
};

/// Why a finding does not count.
struct Suppression {
  std::string reason;
  Place place;  ///< the comment that silences the finding
};

/// One thing that a rule found.
struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;  ///< the rule's, unless the configuration sets another
  Place place = {};                       ///< what is underlined
  std::string message = {};               ///< as in Error: starts lower case, names in `backquotes`
  std::string label = {};                 ///< beside the underline; may be empty
  std::vector<Label> related = {};
  std::string why = {};   ///< the chain "idp:helpdesk → support → ops → payments:*"; may be empty
  std::string hint = {};  ///< what to do; may be empty
  std::optional<Fix> fix = {};
  /// Where it is, without lines: `roles.dev.scopes["svc:*"]`. A baseline recognises it by this
  /// path.
  std::string path = {};
  std::optional<Suppression> suppressed = {};
  bool is_in_baseline = false;
  bool is_fault = false;  ///< the policy cannot be used with it; nothing silences it
};

}  // namespace mcpauth::policy::lint
