#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "core/policy/analysis/diff.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "core/policy/analysis/witness_tools.hpp"
#include "unit/core/policy/engine/random_world.hpp"

// The difference of two small policies against what comes out when everybody there can be is asked.

using namespace mcpauth;
using policy::Engine;
using policy::analysis::Difference;
using policy::analysis::Item;

namespace {

using Groups = std::vector<std::string>;

const Instant kNow{std::chrono::seconds(reference::kDay)};

/// Two policies of which the second is often the first with a few changes.
struct Pair {
  explicit Pair(unsigned seed) : dice(seed) {
    auto first = dice.world();
    // More grants than usual, for people to be in several groups that hold something.
    std::vector<std::string> roles;
    for (const auto& [role, what] : first.roles)
      roles.push_back(role);
    for (int i = 0; i < 4; ++i) {
      for (const auto& group : dice.asker().groups)
        first.grants.push_back({.role = dice.pick(roles), .groups = {group}});
    }
    auto second = dice.one_in(4) ? dice.world() : changed(first);
    before = engine(first);
    after = engine(second);
  }

  reference::World changed(reference::World world) {
    const auto other = dice.world();
    const auto role = world.roles.begin();
    for (int i = 0; i < 2; ++i) {
      switch (dice.below(6)) {
        case 0:
          world.tools = other.tools;
          break;
        case 1:
          if (!world.grants.empty()) world.grants.pop_back();
          break;
        case 2:
          world.org_idps = other.org_idps;
          break;
        case 3:
          role->second.deny.clear();
          break;
        case 4:
          role->second.deny.push_back(dice.pattern());
          break;
        default:
          role->second.scopes.push_back(dice.pattern());
      }
    }
    return world;
  }

  std::unique_ptr<Engine> engine(const reference::World& world) {
    auto policy = policy::parse(reference::text(world, dice), "rbac.toml");
    REQUIRE(policy);
    return std::make_unique<Engine>(*std::move(policy));
  }

  reference::Dice dice;
  std::unique_ptr<Engine> before;
  std::unique_ptr<Engine> after;
};

policy::Decision ask(const Engine& engine, const std::string& org, const Groups& groups,
                     const Item& item) {
  const policy::Principal who{
      .idp = "x", .subject = "x", .org = org, .groups = groups, .client_id = {}};
  return item.is_tool ? engine.tool(who, item.name, kNow) : engine.scopes(who, {item.name}, kNow);
}

bool allows(const Engine& engine, const std::string& org, const Groups& groups, const Item& item) {
  return ask(engine, org, groups, item).allowed;
}

/// All sets of groups of one IdP.
std::vector<Groups> everybody() {
  std::vector<Groups> out{{"entra:HR"}};
  const Groups okta{"okta:HR", "okta:hr", "okta:HR:x", "okta:HR "};
  for (unsigned bits = 1; bits < 16; ++bits) {
    auto& groups = out.emplace_back();
    for (unsigned i = 0; i < 4; ++i) {
      if ((bits >> i & 1U) != 0) groups.push_back(okta[i]);
    }
  }
  return out;
}

std::vector<Item> items_of(Pair& pair) {
  const std::array<const policy::Policy*, 2> both{&pair.before->policy(), &pair.after->policy()};
  std::vector<Item> out;
  for (auto& scope : policy::analysis::witness_scopes(both).scopes)
    out.push_back({.name = scope, .is_tool = false});
  for (auto& tool : policy::analysis::witness_tools(both).names)
    out.push_back({.name = tool, .is_tool = true});
  return out;
}

/// What a difference says of an item: who gains (or loses) it alone and who together.
struct Said {
  std::set<std::pair<std::string, std::string>> alone;  // org, group
  std::vector<std::pair<std::string, std::set<std::string>>> together;

  /// `witness`: the org, or the made-up one in its place.
  bool explains(const std::string& org, const std::string& witness, const Groups& groups) const {
    for (const auto& group : groups) {
      if (alone.contains({org, group})) return true;
    }
    return std::ranges::any_of(together, [&](const auto& one) {
      return one.first == witness &&
             one.second.begin()->substr(0, 4) == groups.front().substr(0, 4);
    });
  }
};

using Named = std::set<std::pair<std::string, std::string>>;

/// The groups that are told apart in an org.
Named named_of(const Pair& pair) {
  const std::array<const policy::Policy*, 2> both{&pair.before->policy(), &pair.after->policy()};
  Named named;
  for (const auto& group : policy::analysis::org_groups_of(both)) {
    if (!group.is_any_other_org) named.insert({group.org, group.name});
  }
  return named;
}

std::string witness_of(const Named& named, const std::string& org, const std::string& group) {
  const bool is_named = std::ranges::any_of(named, [&](const auto& one) {
    return one.first == org && one.second.substr(0, 4) == group.substr(0, 4);
  });
  return is_named ? org : "any-other-org";
}

const std::vector<std::string> kOrgs{"acme", "other", "Acme", "any-other-org"};

/// The groups that a change names in this org; those of "any other org" hold where the group is not
/// named for the org.
std::map<std::pair<bool, std::string>, Said> read(const Difference& difference,
                                                  const Named& named) {
  std::map<std::pair<bool, std::string>, Said> out;
  for (const auto& change : difference.changes) {
    for (const auto item : change.items) {
      auto& said = out[{change.is_gain, difference.items[item].name}];
      if (change.is_combined) {
        auto& [org, groups] = said.together.emplace_back();
        org = change.groups.front().org;
        for (const auto& group : change.groups)
          groups.insert(group.name);
        continue;
      }
      for (const auto& group : change.groups) {
        for (const auto& org : kOrgs) {
          if (group.is_any_other_org ? !named.contains({org, group.name}) : org == group.org)
            said.alone.insert({org, group.name});
        }
      }
    }
  }
  return out;
}

void check_together(const Said& said, const Pair& pair, const Item& item, bool is_gain) {
  const auto& from = is_gain ? *pair.before : *pair.after;
  const auto& to = is_gain ? *pair.after : *pair.before;
  for (const auto& [org, set] : said.together) {
    const Groups groups(set.begin(), set.end());
    REQUIRE(groups.size() > 1);
    for (unsigned bits = 1; bits < 1U << groups.size(); ++bits) {
      Groups some;
      for (std::size_t i = 0; i < groups.size(); ++i) {
        if ((bits >> i & 1U) != 0) some.push_back(groups[i]);
      }
      const bool differs = allows(to, org, some, item) && !allows(from, org, some, item);
      CHECK(differs == (some.size() == groups.size()));
    }
  }
}

/// Whether the group alone holds a role by both policies: else what it gains or loses is reported,
/// and not how long it lives.
bool holds_on_both(const Pair& pair, const std::string& org, const std::string& group) {
  const policy::Principal who{
      .idp = "x", .subject = "x", .org = org, .groups = {group}, .client_id = {}};
  return !pair.before->roles(who, kNow).empty() && !pair.after->roles(who, kNow).empty();
}

}  // namespace

TEST_CASE("analysis/diff: it finds exactly what asking every principal finds") {
  const auto people = everybody();
  int together = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    Pair pair(seed);
    const auto difference = policy::analysis::diff(*pair.before, *pair.after, kNow);
    REQUIRE(difference.unsure.empty());
    const auto named = named_of(pair);
    auto said = read(difference, named);
    bool gain = false;
    bool loss = false;
    for (const auto& item : items_of(pair)) {
      CAPTURE(item.name);
      for (const auto& org : kOrgs) {
        for (const auto& groups : people) {
          const bool before = allows(*pair.before, org, groups, item);
          const bool after = allows(*pair.after, org, groups, item);
          for (const bool is_gain : {true, false}) {
            const bool differs = before != after && after == is_gain;
            (is_gain ? gain : loss) |= differs;
            const auto& about = said[{is_gain, item.name}];
            if (groups.size() == 1 && about.alone.contains({org, groups[0]}) != differs) {
              FAIL_CHECK(groups[0] << " in " << org << ", alone");
            }
            if (differs && !about.explains(org, witness_of(named, org, groups[0]), groups)) {
              FAIL_CHECK(groups[0] << " and others in " << org);
            }
          }
        }
      }
      for (const bool is_gain : {true, false}) {
        check_together(said[{is_gain, item.name}], pair, item, is_gain);
        together += static_cast<int>(said[{is_gain, item.name}].together.size());
      }
    }
    for (const auto& change : difference.changes) {
      if (!difference.items[change.items.front()].was.empty())
        (change.is_gain ? gain : loss) = true;
    }
    const auto verdict = gain && loss ? "incomparable"
                         : gain       ? "more"
                         : loss       ? "less"
                                      : "equivalent";
    CHECK(policy::analysis::name(difference.verdict) == verdict);
  }
  CHECK(together > 30);  // otherwise this does not test them
}

TEST_CASE("analysis/diff: everybody whose tokens live longer is in a group of a reported change") {
  const auto people = everybody();
  int changes = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    Pair pair(seed);
    const auto difference = policy::analysis::diff(*pair.before, *pair.after, kNow);
    const auto named = named_of(pair);
    std::array<Said, 2> said;  // longer, shorter
    for (const auto& change : difference.changes) {
      if (difference.items[change.items.front()].was.empty()) continue;
      auto& about = said[change.is_gain ? 0 : 1];
      for (const auto& [key, one] : read({.items = difference.items, .changes = {change}}, named))
        about.alone.insert(one.alone.begin(), one.alone.end());
    }
    for (const auto& item : items_of(pair)) {
      for (const auto& org : kOrgs) {
        for (const auto& groups : people) {
          const auto before = ask(*pair.before, org, groups, item);
          const auto after = ask(*pair.after, org, groups, item);
          if (!before.allowed || !after.allowed || before.ttl == after.ttl) continue;
          const bool is_longer = before.ttl && (!after.ttl || *after.ttl > *before.ttl);
          const auto& about = said[is_longer ? 0 : 1];
          CHECK(std::ranges::any_of(groups, [&](const std::string& group) {
            return about.alone.contains({org, group}) || !holds_on_both(pair, org, group);
          }));
          if (groups.size() == 1) CHECK(about.alone.contains({org, groups[0]}));
          ++changes;
        }
      }
    }
  }
  CHECK(changes > 30);  // otherwise this does not test them
}

TEST_CASE("analysis/diff: every tool name is covered by one that is compared") {
  const auto people = everybody();
  for (unsigned seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Pair pair(seed);
    const auto difference = policy::analysis::diff(*pair.before, *pair.after, kNow);
    for (int i = 0; i < 15; ++i) {
      const bool is_tool = pair.dice.one_in(2);
      const Item item{.name = is_tool ? pair.dice.tool() : pair.dice.scope(), .is_tool = is_tool};
      CAPTURE(item.name);
      for (const auto& org : kOrgs) {
        for (const auto& groups : people) {
          const bool before = allows(*pair.before, org, groups, item);
          const bool after = allows(*pair.after, org, groups, item);
          if (before == after) continue;
          CHECK((after ? difference.has_gain() : difference.has_loss()));
        }
      }
    }
  }
}
