#include "core/policy/lint/format/totals.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::policy::lint {
namespace {

/// What does not count: "3 suppressed", "1 baselined".
std::vector<std::string> not_counted(const Counts& counts) {
  std::vector<std::string> out;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) out.push_back(text::format("{} {}", count, what));
  };
  add(counts.suppressed, "suppressed");
  add(counts.baselined, "baselined");
  add(counts.removed, "of the baseline no longer found");
  add(counts.hidden, "suppressed by persona");
  return out;
}

}  // namespace

std::string totals(const Document& document) {
  const auto& counts = document.counts;
  std::vector<std::string> found;
  if (counts.errors > 0) found.push_back(text::count_of(counts.errors, "error"));
  if (counts.warnings > 0) found.push_back(text::count_of(counts.warnings, "warning"));
  if (counts.infos > 0) found.push_back(text::format("{} info", counts.infos));
  std::string out = found.empty() ? "no findings" : text::join(found, ", ");
  if (const auto others = not_counted(counts); !others.empty()) {
    out += text::format(" ({})", text::join(others, ", "));
  }
  out += " in " + text::count_of(counts.files, "file");
  if (document.took) out += text::format(", {} ms", document.took->count());
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
    out += text::format("{:6}  {}  {}\n", count, rule->code, rule->name);
  }
  return out + totals(document) + "\n";
}

}  // namespace mcpauth::policy::lint
