#include "core/base/panic.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/policy/lint/rules/catalogue.hpp"
#include "core/policy/lint/rules/families.hpp"

// Every fault of the reading is also a finding of the rule that it names.

namespace mcpauth::policy::lint {
namespace {

namespace rule = policy::rule;

/// Corrects a fault if it is known what was meant.
std::optional<Fix> fix_of(const policy::Fault& fault) {
  const auto& span = fault.place.span;
  if (fault.rule == rule::kPolicyVersion) {
    const bool is_missing = span.line == 1 && span.column == 1 && span.end_column == 1;
    if (!is_missing) return std::nullopt;
    return Fix{"begin the file with version = 1", {{fault.place, "version = 1\n"}}};
  }
  if (!fault.instead) return std::nullopt;
  // A key that was meant is one of ours, which need no quotes; everything else is a string.
  const bool is_key = fault.rule == rule::kUnknownKey;
  auto text = is_key ? *fault.instead : json::quote(*fault.instead);
  return Fix{text::format("write `{}`", *fault.instead), {{fault.place, std::move(text)}}};
}

void add_fault(const policy::Fault& fault, Findings& findings) {
  const auto* const rule = find_rule(fault.rule);
  if (rule == nullptr) panic("a fault of no rule");
  auto& finding = findings.add(*rule, fault.place, fault.message);
  finding.hint = fault.hint;
  finding.related = fault.related;
  finding.is_fault = true;
  if (rule->fix != FixKind::none) finding.fix = fix_of(fault);
}

void check(Context& context, Findings& findings) {
  for (const auto& fault : context.subject().reading.faults)
    add_fault(fault, findings);
}

}  // namespace

RuleGroup faults() {
  return {{}, check};
}

}  // namespace mcpauth::policy::lint
