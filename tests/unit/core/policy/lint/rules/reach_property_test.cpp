#include <set>

#include <doctest/doctest.h>

#include "checked.hpp"
#include "core/policy/engine/pattern.hpp"
#include "random_policy.hpp"

using namespace mcpauth;
using policy::Policy;
using policy::Standing;

// Everything here is asked of the Engine about every principal and every scope; the only thing that
// is shared with the rules is the Engine.

namespace {

const auto kPrincipals = linting::all_principals();

/// What everybody may do.
std::vector<Standing> decisions(const Policy& policy, const linting::Strings& scopes) {
  const policy::Engine engine(policy);
  std::vector<Standing> out;
  for (const auto& principal : kPrincipals) {
    const auto standing = engine.standing(principal, scopes, linting::kNewYear);
    out.insert(out.end(), standing.begin(), standing.end());
  }
  return out;
}

bool same_decisions(const std::vector<Standing>& a, const std::vector<Standing>& b) {
  return std::ranges::equal(a, b, [](Standing x, Standing y) {
    return (x == Standing::allowed) == (y == Standing::allowed);
  });
}

/// Where an entry stands, as a name for it.
using At = std::pair<unsigned, unsigned>;
At at(const policy::Place& place) {
  return {place.span.line, place.span.column};
}
using Ats = std::set<At>;

using List = std::vector<policy::Text> policy::Role::*;

Policy without(Policy policy, List list, const Ats& gone) {
  for (auto& role : policy.roles)
    std::erase_if(role.*list, [&](const auto& text) { return gone.contains(at(text.place)); });
  return policy;
}

struct Entry {
  std::size_t role;
  policy::Text text;
};

std::vector<Entry> entries_last_first(const Policy& policy, List list) {
  std::vector<Entry> out;
  for (std::size_t i = policy.roles.size(); i-- > 0;) {
    const auto& texts = policy.roles[i].*list;
    for (std::size_t n = texts.size(); n-- > 0;)
      out.push_back({i, texts[n]});
  }
  return out;
}

bool inherits(const Policy& policy, const policy::Role& role, const policy::Role& other) {
  return std::ranges::any_of(role.inherits, [&](const auto& name) {
    if (name.value == other.name.value) return true;
    const auto parent = std::ranges::find_if(
        policy.roles, [&](const auto& each) { return each.name.value == name.value; });
    return inherits(policy, *parent, other);
  });
}

/// The entries that duplicate-entry and redundant-inherited-scope are about.
Ats again(const Policy& policy, List list) {
  Ats out;
  for (const auto& role : policy.roles) {
    std::set<std::string> seen;
    for (const auto& text : role.*list) {
      bool twice = !seen.insert(text.value).second;
      for (const auto& other : policy.roles) {
        twice = twice || (inherits(policy, role, other) &&
                          std::ranges::find(other.*list, text.value, &policy::Text::value) !=
                              (other.*list).end());
      }
      if (twice) out.insert(at(text.place));
    }
  }
  return out;
}

struct Expected {
  Ats overridden, shadowed, vacuous, shadowed_denies;
};

/// Each principal that holds the role, and each scope that the pattern matches.
class Cases {
 public:
  Cases(const Policy& policy, const linting::Strings& scopes, const Entry& entry) {
    const policy::Engine engine(policy);
    for (std::size_t p = 0; p < kPrincipals.size(); ++p) {
      const auto held = engine.roles(kPrincipals[p], linting::kNewYear);
      const bool holds = std::ranges::any_of(held, [&](const auto& role) {
        return role.role->name.value == policy.roles[entry.role].name.value;
      });
      for (std::size_t s = 0; holds && s < scopes.size(); ++s) {
        if (policy::scope_matches(entry.text.value, scopes[s]))
          list_.push_back(p * scopes.size() + s);
      }
    }
  }
  bool none() const { return list_.empty(); }
  bool all(const std::vector<Standing>& decisions, Standing standing) const {
    return std::ranges::all_of(list_, [&](auto i) { return decisions[i] == standing; });
  }
  bool any(const std::vector<Standing>& decisions, Standing standing) const {
    return std::ranges::any_of(list_, [&](auto i) { return decisions[i] == standing; });
  }

 private:
  std::vector<std::size_t> list_;
};

Expected expected(const Policy& policy, const linting::Strings& scopes) {
  const auto before = decisions(policy, scopes);
  Expected out;
  const auto look = [&](List list, auto sort_in) {
    Ats gone;
    for (const auto& entry : entries_last_first(policy, list)) {
      const Cases cases(policy, scopes, entry);
      if (cases.none()) continue;
      gone.insert(at(entry.text.place));
      if (same_decisions(decisions(without(policy, list, gone), scopes), before)) {
        sort_in(cases, at(entry.text.place));
      } else {
        gone.erase(at(entry.text.place));
      }
    }
  };
  look(&policy::Role::scopes, [&](const Cases& cases, const At& at) {
    (cases.all(before, Standing::denied) ? out.overridden : out.shadowed).insert(at);
  });
  auto without_denies = policy;
  for (auto& role : without_denies.roles)
    role.deny.clear();
  const auto undenied = decisions(without_denies, scopes);
  look(&policy::Role::deny, [&](const Cases& cases, const At& at) {
    (cases.any(undenied, Standing::allowed) ? out.shadowed_denies : out.vacuous).insert(at);
  });
  return out;
}

Ats places(const std::vector<policy::lint::Finding>& findings, std::string_view rule,
           bool entries = true) {
  Ats out;
  for (const auto& finding : findings) {
    const bool is_entry = finding.path.find('[') != std::string::npos;
    if (finding.rule->name == rule && is_entry == entries) out.insert(at(finding.place));
  }
  return out;
}

/// How many of each were looked at, so that the test cannot come to be about nothing.
struct Tally {
  std::size_t overridden = 0, shadowed = 0, vacuous = 0, shadowed_denies = 0;
  void add(const Expected& found) {
    overridden += found.overridden.size();
    shadowed += found.shadowed.size();
    vacuous += found.vacuous.size();
    shadowed_denies += found.shadowed_denies.size();
  }
  bool is_telling() const {
    return overridden > 50 && shadowed > 50 && vacuous > 50 && shadowed_denies > 50;
  }
};

void check_entries(unsigned seed, Tally& tally) {
  CAPTURE(seed);
  linting::RandomPolicy random(seed);
  const auto text = random.text();
  CAPTURE(text);
  const linting::World world(text);
  REQUIRE(world.reading.faults.empty());
  const auto scopes = random.scopes();
  auto findings = linting::run(policy::lint::check_reach, world);
  const auto found = findings.take();
  CHECK(findings.take_notes().empty());

  const auto& policy = world.engine->policy();
  const auto before = decisions(policy, scopes);
  const auto rest =
      without(without(policy, &policy::Role::scopes, again(policy, &policy::Role::scopes)),
              &policy::Role::deny, again(policy, &policy::Role::deny));
  CHECK(same_decisions(decisions(rest, scopes), before));
  const auto wanted = expected(rest, scopes);
  tally.add(wanted);
  CHECK(places(found, "overridden-grant") == wanted.overridden);
  CHECK(places(found, "shadowed-grant") == wanted.shadowed);
  CHECK(places(found, "vacuous-rule") == wanted.vacuous);
  CHECK(places(found, "shadowed-deny") == wanted.shadowed_denies);

  // All of it can go at once.
  Ats all;
  for (const auto* part :
       {&wanted.overridden, &wanted.shadowed, &wanted.vacuous, &wanted.shadowed_denies})
    all.insert(part->begin(), part->end());
  const auto left = without(without(rest, &policy::Role::scopes, all), &policy::Role::deny, all);
  CHECK(same_decisions(decisions(left, scopes), before));

  // And each by its own fix.
  for (const auto& finding : found) {
    if (!finding.fix) continue;
    CAPTURE(finding.message);
    const auto after = linting::fixed(text, *finding.fix);
    CAPTURE(after);
    const auto read = policy::read(after, "rbac.toml", nullptr);
    REQUIRE(read.faults.empty());
    CHECK(same_decisions(decisions(read.policy, scopes), before));
  }
}

}  // namespace

TEST_CASE("lint/reach: what makes no difference is what can be taken out without one (1)") {
  Tally tally;
  for (unsigned seed = 1; seed <= 500; ++seed)
    check_entries(seed, tally);
  CHECK(tally.is_telling());
}

TEST_CASE("lint/reach: what makes no difference is what can be taken out without one (2)") {
  Tally tally;
  for (unsigned seed = 501; seed <= 1000; ++seed)
    check_entries(seed, tally);
  CHECK(tally.is_telling());
}

TEST_CASE("lint/reach: a role is unreachable when nobody holds it, were all grants in force") {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    CAPTURE(seed);
    linting::RandomPolicy random(seed);
    const linting::World world(random.text());
    auto open = world.reading.policy;
    for (auto& grant : open.grants)
      grant.until.reset();
    open.orgs.clear();
    const policy::Engine engine(open);
    Ats expected;
    for (const auto& role : open.roles)
      expected.insert(at(role.name.place));
    for (const auto& principal : kPrincipals) {
      for (const auto& held : engine.roles(principal, linting::kNewYear))
        expected.erase(at(held.role->name.place));
    }
    const auto found = linting::run(policy::lint::check_reach, world).take();
    CHECK(places(found, "unreachable-role", false) == expected);
  }
}

TEST_CASE(
    "lint/reach: roles are redundant when whoever is given one may do the same as by the other") {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    CAPTURE(seed);
    linting::RandomPolicy random(seed);
    const auto text = random.text();
    CAPTURE(text);
    const linting::World world(text);
    const auto& policy = world.engine->policy();
    const auto unreachable =
        places(linting::run(policy::lint::check_reach, world).take(), "unreachable-role", false);
    // Each role alone, by a grant of its own.
    std::vector<std::pair<std::vector<Standing>, std::optional<std::chrono::seconds>>> seen;
    Ats expected;
    for (const auto& role : policy.roles) {
      if (unreachable.contains(at(role.name.place))) continue;
      auto alone = policy;
      alone.orgs.clear();
      alone.grants = {{.role = {role.name.value, {}}, .groups = {{"okta:A", {}}}}};
      const policy::Engine engine(alone);
      const auto standing =
          engine.standing(kPrincipals.front(), random.scopes(), linting::kNewYear);
      const auto ttl =
          engine.scopes(kPrincipals.front(), {random.scopes()[0]}, linting::kNewYear).ttl;
      const std::pair mine{standing, ttl};
      if (std::ranges::all_of(standing, [](auto s) { return s == Standing::absent; })) continue;
      if (std::ranges::find(seen, mine) != seen.end()) expected.insert(at(role.name.place));
      seen.push_back(mine);
    }
    const auto found =
        places(linting::run(policy::lint::check_reach, world).take(), "redundant-roles", false);
    CHECK(found == expected);
  }
}

TEST_CASE(
    "lint/reach: a role is vacuous when whoever holds only that may do nothing, and says nothing") {
  unsigned count = 0;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    CAPTURE(seed);
    linting::RandomPolicy random(seed);
    const linting::World world(random.text());
    const auto all = linting::run(policy::lint::check_reach, world).take();
    const auto unreachable = places(all, "unreachable-role", false);
    Ats expected;
    for (const auto& role : world.engine->policy().roles) {
      auto alone = world.engine->policy();
      alone.orgs.clear();
      alone.grants = {{.role = {role.name.value, {}}, .groups = {{"okta:A", {}}}}};
      const policy::Engine engine(alone);
      const auto& who = kPrincipals.front();
      bool gives = std::ranges::any_of(alone.tools, [&](const auto& tool) {
        return engine.tool(who, tool.pattern.value, linting::kNewYear).allowed;
      });
      gives = gives || std::ranges::any_of(engine.standing(who, random.scopes(), linting::kNewYear),
                                           [](auto s) { return s != Standing::absent; });
      gives = gives || engine.scopes(who, {random.scopes()[0]}, linting::kNewYear).ttl;
      // A pattern that matches nothing is reported as that, an empty role that is inherited once.
      const bool is_empty = role.scopes.empty() && role.deny.empty() && role.inherits.empty();
      if (!gives && is_empty && !unreachable.contains(at(role.name.place)))
        expected.insert(at(role.name.place));
    }
    count += static_cast<unsigned>(expected.size());
    CHECK(places(all, "vacuous-rule", false) == expected);
  }
  CHECK(count > 50);
}
