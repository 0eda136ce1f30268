#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "core/policy/analysis/redundant.hpp"
#include "core/policy/lint/finding/editor.hpp"
#include "core/policy/lint/finding/subject.hpp"
#include "core/policy/lint/rules/high_risk.hpp"
#include "core/policy/lint/rules/names/names.hpp"
#include "core/policy/lint/rules/policy_facts.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// What the checks of one policy share. Costly parts are worked out when a check first asks for
/// them. The subject must outlive it.
class Context {
 public:
  explicit Context(const Subject& subject) : subject_(subject), editor_(subject.reading) {}

  const Subject& subject() const { return subject_; }
  const Inputs& inputs() const { return subject_.inputs; }
  const policy::Policy& policy() const { return subject_.policy(); }

  /// Null if the subject is not usable.
  const PolicyFacts* facts();
  /// Every name that the policy uses.
  const std::vector<Name>& names();
  /// Who holds scopes of high risk. Empty if the subject is not usable.
  const HighRisks& high_risks();
  /// The text of one of the policy's files, or null.
  const SourceText* text(std::string_view file);
  Editor& editor() { return editor_; }

  /// Entries of roles that a check has reported as useless. Later checks take them as removed, so
  /// that nothing is reported twice and all fixes together change nothing.
  analysis::Removed& reported() { return reported_; }

 private:
  const Subject& subject_;
  Editor editor_;
  analysis::Removed reported_;
  std::optional<PolicyFacts> facts_;
  std::optional<std::vector<Name>> names_;
  std::optional<HighRisks> high_risks_;
  std::map<std::string_view, SourceText> texts_;
};

}  // namespace mcpauth::policy::lint
