#include "core/policy/lint/rules/catalogue.hpp"

#include <algorithm>
#include <vector>

#include "core/base/panic.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (const auto family :
       {shape_rules(), references_rules(), privilege_rules(), reach_rules(), orgs_rules(),
        time_rules(), names_rules(), hygiene_rules(), suppressions_rules()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  std::ranges::sort(all, {}, &Rule::code);
  return all;
}

bool same_code(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return x == (y >= 'a' && y <= 'z' ? y - 32 : y); });
}

}  // namespace

std::span<const Rule> rules() {
  static const std::vector<Rule> kAll = all_rules();
  return kAll;
}

const Rule* find_rule(std::string_view name_or_code) {
  for (const auto& rule : rules()) {
    if (rule.name == name_or_code || same_code(rule.code, name_or_code)) return &rule;
  }
  return nullptr;
}

Finding& Findings::add(std::string_view rule, const Place& place, std::string message) {
  const auto* known = find_rule(rule);
  if (known == nullptr) panic("a finding of no rule");
  list_.push_back(
      {.rule = known, .severity = known->severity, .place = place, .message = std::move(message)});
  return list_.back();
}

}  // namespace mcpauth::policy::lint
