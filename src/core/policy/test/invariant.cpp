#include "core/policy/test/invariant.hpp"

#include <algorithm>
#include <set>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/policy/analysis/diff.hpp"

namespace mcpauth::policy::test {
namespace {

using analysis::Difference;
using analysis::Item;
using policy::Engine;
using policy::Text;

/// The scopes that the item needs, or nothing when the policy does not know it. An invariant with a
/// misspelt name must not pass.
std::optional<std::vector<std::string>> needs_of(const Engine& engine, const std::string& item,
                                                 Instant now) {
  if (is_tool(item)) return engine.needs(item);
  const policy::Principal anybody{
      .idp = "any", .subject = "anybody", .org = "any", .groups = {}, .client_id = {}};
  if (engine.scopes(anybody, {item}, now).reason == reason::kUnknownScope) return std::nullopt;
  return std::vector{item};
}

Failure unknown(const Text& item) {
  return {.place = item.place,
          .message = text::format(
              "`{}` is {}", item.value,
              is_tool(item.value) ? "a tool that no entry matches" : "not in [scopes]")};
}

std::string who(const Difference& found) {
  const auto& change = found.changes.front();
  if (!change.is_combined) return change.groups.front().text();
  std::vector<std::string> groups;
  std::ranges::transform(change.groups, std::back_inserter(groups), &analysis::OrgGroup::text);
  return text::join(groups, " with ");
}

void judge(const Difference& found, const Text& at, const std::string& what, Outcome& out) {
  if (!found.changes.empty()) {
    out.failures.push_back({.place = at.place, .message = text::format("{} {}", who(found), what)});
  } else if (!found.unsure.empty()) {
    out.failures.push_back(
        {.place = at.place,
         .message = text::format("it could not be checked exactly: {}", found.unsure.front())});
  }
}

/// Having both is the same as calling one tool that needs what the two need. So such a tool is
/// added to a copy of the policy, and the Engine decides.
void check_never_both(const Invariant& invariant, const Engine& engine, Instant now, Outcome& out) {
  std::vector<std::pair<const Text*, std::vector<std::string>>> items;
  for (const auto& item : invariant.never_both) {
    auto needs = needs_of(engine, item.value, now);
    if (needs) {
      items.emplace_back(&item, *std::move(needs));
    } else {
      out.failures.push_back(unknown(item));
    }
  }
  policy::Policy with = engine.policy();
  const auto name_of = [](std::size_t a, std::size_t b) {
    return text::format("\x01{}/{}", a, b);  // no policy can have this name
  };
  for (std::size_t a = 0; a < items.size(); ++a) {
    for (std::size_t b = a + 1; b < items.size(); ++b) {
      policy::Tool both;
      both.pattern.value = name_of(a, b);
      for (const auto* list : {&items[a].second, &items[b].second}) {
        for (const auto& need : *list)
          both.needs.push_back({.value = need, .place = {}});
      }
      with.tools.push_back(std::move(both));
    }
  }
  const Engine asked(std::move(with));
  for (std::size_t a = 0; a < items.size(); ++a) {
    for (std::size_t b = a + 1; b < items.size(); ++b) {
      ++out.checks;
      const Item both{.name = name_of(a, b), .is_tool = true};
      judge(
          analysis::reach(asked, both, now), *items[b].first,
          text::format("may have both `{}` and `{}`", items[a].first->value, items[b].first->value),
          out);
    }
  }
}

void check_only(const Invariant& invariant, const Engine& engine, Instant now, Outcome& out) {
  if (!needs_of(engine, invariant.only.value, now)) {
    out.failures.push_back(unknown(invariant.only));
    return;
  }
  std::set<std::string_view> groups;
  std::set<std::string_view> roles;
  for (const auto& group : invariant.groups)
    groups.insert(group.value);
  for (const auto& role : invariant.roles) {
    roles.insert(role.value);
    const auto& all = engine.policy().roles;
    const bool is_there = std::ranges::any_of(
        all, [&](const policy::Role& one) { return one.name.value == role.value; });
    if (!is_there)
      out.failures.push_back(
          {.place = role.place, .message = text::format("there is no role `{}`", role.value)});
  }
  const auto is_meant = [&](const analysis::OrgGroup& group,
                            std::span<const policy::HeldRole> held) {
    return groups.contains(group.name) || std::ranges::any_of(held, [&](const auto& one) {
             return roles.contains(one.role->name.value);
           });
  };
  ++out.checks;
  const Item item{.name = invariant.only.value, .is_tool = is_tool(invariant.only.value)};
  judge(analysis::reach(engine, item, now, is_meant), invariant.only,
        text::format("may have `{}` too", invariant.only.value), out);
}

}  // namespace

Outcome check(const Invariant& invariant, const Engine& engine, Instant now) {
  Outcome out{.name = invariant.name.value, .place = invariant.name.place, .is_invariant = true};
  if (invariant.never_both.empty()) {
    check_only(invariant, engine, now, out);
  } else {
    check_never_both(invariant, engine, now, out);
  }
  return out;
}

}  // namespace mcpauth::policy::test
