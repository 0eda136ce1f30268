#include "core/policy/lint/format/totals.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "core/codec/list.hpp"

namespace mcpauth::policy::lint {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts)
    out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::vector<std::string> set_aside(const Counts& counts) {
  std::vector<std::string> out;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) out.push_back(std::to_string(count) + std::string(what));
  };
  add(counts.suppressed, " suppressed");
  add(counts.baselined, " baselined");
  add(counts.gone, " of the baseline gone");
  add(counts.hidden, " suppressed by persona");
  return out;
}

}  // namespace

std::string totals(const Document& document) {
  const auto& counts = document.counts;
  std::vector<std::string> found;
  if (counts.errors > 0) found.push_back(text::count_of(counts.errors, "error"));
  if (counts.warnings > 0) found.push_back(text::count_of(counts.warnings, "warning"));
  if (counts.infos > 0) found.push_back(std::to_string(counts.infos) + " info");
  std::string out = found.empty() ? "no findings" : joined(found);
  if (const auto aside = set_aside(counts); !aside.empty()) out += " (" + joined(aside) + ")";
  out += " in " + text::count_of(counts.files, "file");
  if (document.took) out += ", " + std::to_string(document.took->count()) + " ms";
  return out;
}

std::string statistics(const Document& document) {
  std::map<const Rule*, std::size_t> counts;
  for (const auto& finding : document.findings) {
    if (stands(finding)) ++counts[finding.rule];
  }
  std::vector<std::pair<std::size_t, const Rule*>> rows;
  for (const auto& [rule, count] : counts)
    rows.emplace_back(count, rule);
  std::ranges::sort(rows, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second->code < b.second->code;
  });
  std::string out;
  for (const auto& [count, rule] : rows) {
    constexpr std::size_t kDigits = 6;
    auto number = std::to_string(count);
    number.insert(0, kDigits - std::min(kDigits, number.size()), ' ');
    out += number + "  " + std::string(rule->code) + "  " + std::string(rule->name) + "\n";
  }
  return out + totals(document) + "\n";
}

}  // namespace mcpauth::policy::lint
