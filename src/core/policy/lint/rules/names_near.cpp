#include <algorithm>

#include "core/policy/lint/rules/names.hpp"
#include "core/policy/lint/rules/near.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kRule = "near-duplicate-name";

bool same_idp(const Name& a, const Name& b) {
  if (a.kind != NameKind::group) return true;
  return a.value.substr(0, a.value.find(':')) == b.value.substr(0, b.value.find(':'));
}

/// Nobody mistypes a name the same way again and again.
bool are_both_used(const Name& a, const Name& b) {
  constexpr std::size_t kOften = 3;
  return std::min(a.places.size(), b.places.size()) >= kOften;
}

void report(const Name& earlier, const Name& later, const std::string& how, Findings& findings) {
  const bool later_is_odd = later.places.size() <= earlier.places.size();
  const auto& odd = later_is_odd ? later : earlier;
  const auto& other = later_is_odd ? earlier : later;
  const bool is_known_odd = odd.is_known && !other.is_known;
  const auto& at = is_known_odd ? other : odd;
  const auto& beside = is_known_odd ? odd : other;
  auto& finding = findings.add(
      kRule, at.place(), at.text() + " differs from `" + beside.value + "` in " + how + " only");
  finding.related.push_back({beside.place(), "the other one"});
  finding.hint = "write `" + beside.value + "` if it is meant; if both are, say so in a comment";
  finding.path = at.path();
}

void check_kind(std::span<const Name> names, Findings& findings) {
  constexpr std::size_t kMost = 100'000;
  if (names.size() > kMost) {
    findings.not_judged(kRule, "there are more than " + std::to_string(kMost) +
                                   " names of the kind " + std::string(name(names.front().kind)));
    return;
  }
  std::vector<std::string_view> values;
  values.reserve(names.size());
  for (const auto& name : names)
    values.push_back(name.value);
  const auto near = near_pairs(values);
  if (!near.is_complete) findings.not_judged(kRule, "too many names are made of the same letters");
  for (const auto& [i, j, how] : near.pairs) {
    const auto& a = names[std::min(i, j)];
    const auto& b = names[std::max(i, j)];
    if (has_hidden(a.value) || has_hidden(b.value)) continue;
    if (!same_idp(a, b) || are_both_used(a, b) || (a.is_known && b.is_known)) continue;
    report(a, b, how, findings);
  }
}

}  // namespace

void check_near(const std::vector<Name>& names, Findings& findings) {
  for (auto begin = names.begin(); begin != names.end();) {
    const auto end = std::find_if(begin, names.end(),
                                  [&](const Name& name) { return name.kind != begin->kind; });
    check_kind({begin, end}, findings);
    begin = end;
  }
}

}  // namespace mcpauth::policy::lint
