#include "core/policy/analysis/diff_over_time.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "core/codec/format.hpp"
#include "core/policy/analysis/compared.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;

/// A change by names, which can be compared between differences.
using NamedChange = std::tuple<bool, bool, std::vector<std::string>, std::vector<std::string>>;

NamedChange named(const Difference& difference, const Change& change) {
  std::vector<std::string> who;
  for (const auto& group : change.groups)
    who.push_back(group.name + '\0' + group.org);
  std::vector<std::string> what;
  for (const auto item : change.items)
    what.push_back(difference.items[item].text());
  return {change.is_gain, change.is_combined, std::move(who), std::move(what)};
}

std::set<NamedChange> named(const Difference& difference) {
  std::set<NamedChange> out;
  for (const auto& change : difference.changes)
    out.insert(named(difference, change));
  return out;
}

void keep_new(Difference& difference, const std::set<NamedChange>& known) {
  std::erase_if(difference.changes,
                [&](const Change& change) { return known.contains(named(difference, change)); });
}

void add_unsure(Difference& to, const std::vector<std::string>& reasons) {
  for (const auto& reason : reasons) {
    if (std::ranges::find(to.unsure, reason) == to.unsure.end()) to.unsure.push_back(reason);
  }
}

}  // namespace

DifferenceOverTime diff_over_time(const Engine& before, const Engine& after, Instant now,
                                  const DiffLimits& limits) {
  DifferenceOverTime out{.now = diff(before, after, now, limits)};
  const std::array both{&before.policy(), &after.policy()};
  auto moments = expiries_of(both, now);
  const auto most = std::clamp<std::size_t>(
      limits.org_groups / std::max<std::size_t>(most_org_groups(both), 1), 1, limits.moments);
  if (moments.size() > most) {
    add_unsure(out.now, {text::format("grants end on {} days, and only the first {} were compared",
                                      moments.size(), most)});
    moments.erase(std::next(moments.begin(), static_cast<std::ptrdiff_t>(most)), moments.end());
  }
  auto known = named(out.now);
  for (const auto moment : moments) {
    auto then = diff(before, after, moment, limits);
    add_unsure(out.now, then.unsure);
    auto all = named(then);
    keep_new(then, known);
    known = std::move(all);
    if (!then.changes.empty()) out.later.push_back({.from = moment, .difference = std::move(then)});
  }
  out.verdict = verdict_of(out.has_gain(), out.has_loss(), out.now.unsure.empty());
  return out;
}

std::set<Instant> expiries_of(std::span<const policy::Policy* const> policies, Instant now) {
  std::set<Instant> out;
  for (const auto* policy : policies) {
    for (const auto& grant : policy->grants) {
      if (grant.until && *grant.until > now) out.insert(*grant.until);
    }
  }
  return out;
}

bool DifferenceOverTime::has_gain() const {
  return now.has_gain() ||
         std::ranges::any_of(later, [](const Later& one) { return one.difference.has_gain(); });
}

bool DifferenceOverTime::has_loss() const {
  return now.has_loss() ||
         std::ranges::any_of(later, [](const Later& one) { return one.difference.has_loss(); });
}

}  // namespace mcpauth::policy::analysis
