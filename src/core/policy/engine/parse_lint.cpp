#include <algorithm>
#include <array>

#include "core/codec/format.hpp"
#include "core/policy/engine/parse.hpp"

namespace mcpauth::policy {
namespace {

// Static, because Field::key points at them.
constexpr std::array<std::string_view, 1> kLintKeys = {"rules"};
constexpr std::array<std::string_view, 1> kRuleKeys = {"level"};
constexpr std::array<std::string_view, 4> kLevels = {"off", "info", "warning", "error"};

LintRule rule_of(Report& report, const toml::Entry& entry) {
  LintRule rule{.name = {entry.key, report.place(entry.key_span)}};
  TableReader reader(report, entry.node, "a lint rule", kRuleKeys);
  if (entry.node.table() == nullptr || reader.require("level") == nullptr) return rule;
  if (auto level = reader.text("level")) rule.level = *std::move(level);
  const auto& [level, place] = rule.level;
  if (!level.empty() && std::ranges::find(kLevels, level) == kLevels.end()) {
    report.add_unknown(rule::kMalformedValue, place, text::format("`{}` is not a level", level),
                       level, kLevels, "write off, info, warning or error");
  }
  rule.fields = reader.fields();
  return rule;
}

}  // namespace

std::vector<LintRule> lint_rules_of(Report& report, const toml::Node& lint) {
  std::vector<LintRule> rules;
  // NOLINTNEXTLINE(misc-const-correctness): it remembers which keys were asked for
  TableReader reader(report, lint, "[lint]", kLintKeys);
  if (const auto* node = reader.find("rules")) {
    for (const auto& entry : table_of(report, *node, "lint.rules").entries)
      rules.push_back(rule_of(report, entry));
  }
  return rules;
}

}  // namespace mcpauth::policy
