#include "core/policy/lint/rules/catalogue.hpp"

#include <algorithm>
#include <vector>

#include "core/codec/ascii.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

std::vector<const Rule*> all_rules() {
  std::vector<const Rule*> all;
  for (const auto& family : families()) {
    for (const auto group : family.groups)
      std::ranges::copy(group().rules, std::back_inserter(all));
  }
  std::ranges::sort(all, {}, &Rule::code);
  return all;
}

}  // namespace

std::span<const Rule* const> rules() {
  static const std::vector<const Rule*> kAll = all_rules();
  return kAll;
}

const Rule* find_rule(std::string_view name_or_code) {
  const auto code = text::lowered(name_or_code);
  for (const auto* rule : rules()) {
    if (rule->name == name_or_code || text::lowered(rule->code) == code) return rule;
  }
  return nullptr;
}

}  // namespace mcpauth::policy::lint
