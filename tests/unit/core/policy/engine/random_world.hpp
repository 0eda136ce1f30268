#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "reference.hpp"

namespace reference {

/// 2027-01-31T00:00:00Z, about which everything expires.
inline constexpr std::int64_t kDay = 1'801'353'600;

/// Small random policies over a small alphabet, so that things meet. The same seed gives the same.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}

  // Not std::uniform_int_distribution: its numbers differ between libraries.
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(static_cast<unsigned>(from.size()))];
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(static_cast<unsigned>(i))]);
    }
  }

  std::string scope() {
    std::string out = pick(kSegments_);
    for (unsigned i = below(3); i > 0; --i)
      out += ":" + pick(kSegments_);
    return out;
  }
  std::string pattern() {
    std::string out;
    const unsigned size = 1 + below(3);
    for (unsigned i = 1; i <= size; ++i) {
      out += i > 1 ? ":" : "";
      out += one_in(4) ? "*" : i == size && one_in(4) ? "**" : pick(kSegments_);
    }
    return out;
  }
  std::string tool() { return pick(kHalves_) + "/" + pick(kHalves_); }
  std::string tool_pattern() { return half() + "/" + half(); }
  Asker asker() {
    Asker out{pick(kOrgs_), {}};
    for (unsigned i = below(4); i > 0; --i)
      out.groups.push_back(pick(kGroups_));
    return out;
  }
  std::int64_t instant() {
    return pick(std::vector<std::int64_t>{kDay - 1, kDay, kDay + 1, kDay + 86'399, kDay + 86'400});
  }
  World world();

 private:
  std::string half() {
    std::string out = pick(kHalves_);
    if (one_in(3))
      out = "*";
    else if (one_in(3))
      out.insert(below(static_cast<unsigned>(out.size()) + 1), "*");
    return out;
  }
  template <class Make>
  Strings some(unsigned most, Make make) {
    Strings out;
    for (unsigned i = below(most + 1); i > 0; --i)
      out.push_back(make());
    return out;
  }
  Grant grant(const Strings& roles);

  std::mt19937 engine_;
  std::vector<std::string> kSegments_{"a", "b", "c"};
  std::vector<std::string> kHalves_{"x", "y", "xy", "xx", "xyx"};
  std::vector<std::string> kOrgs_{"acme", "other", "Acme"};
  std::vector<std::string> kGroups_{"okta:HR", "okta:hr", "entra:HR", "okta:HR:x", "okta:HR "};
};

inline Grant Dice::grant(const Strings& roles) {
  Grant grant{.role = pick(roles), .groups = {pick(kGroups_)}};
  if (one_in(2)) grant.groups.push_back(pick(kGroups_));
  if (one_in(2)) grant.org = pick(kOrgs_);
  if (one_in(3)) {
    grant.until_is_date = one_in(2);
    grant.until = grant.until_is_date ? kDay + 86'400 : kDay;
  }
  return grant;
}

inline World Dice::world() {
  World world;
  Strings names;
  for (unsigned i = 1 + below(5); i > 0; --i) {
    Role role;
    if (!names.empty()) role.inherits = some(2, [&] { return pick(names); });
    role.scopes = some(3, [&] { return pattern(); });
    if (one_in(3)) role.deny = some(2, [&] { return pattern(); });
    if (one_in(2)) role.ttl_minutes = 5 + static_cast<int>(below(11));
    names.push_back("r" + std::to_string(i));
    world.roles[names.back()] = role;
  }
  for (unsigned i = below(5); i > 0; --i)
    world.grants.push_back(grant(names));
  for (unsigned i = below(6); i > 0; --i) {
    world.tools[one_in(2) ? tool() : tool_pattern()] = some(3, [&] { return scope(); });
  }
  if (one_in(2)) world.org_idps["acme"] = one_in(3) ? Strings{} : Strings{"okta"};
  return world;
}

inline std::string list(const Strings& items) {
  std::string out = "[";
  for (const auto& item : items)
    out += (out.size() > 1 ? ", \"" : "\"") + item + "\"";
  return out + "]";
}

/// The tables of the world as TOML, each alone, to be joined in any order after the version.
inline Strings tables(const World& world) {
  Strings out;
  for (const auto& [name, role] : world.roles) {
    out.push_back("[roles." + name + "]\ninherits = " + list(role.inherits) +
                  "\nscopes = " + list(role.scopes) + "\ndeny = " + list(role.deny) + "\n");
    if (role.ttl_minutes) out.back() += "ttl = \"" + std::to_string(*role.ttl_minutes) + "m\"\n";
  }
  for (const auto& grant : world.grants) {
    out.push_back("[[grant]]\nrole = \"" + grant.role + "\"\ngroups = " + list(grant.groups) +
                  "\n");
    if (grant.org) out.back() += "org = \"" + *grant.org + "\"\n";
    if (grant.until) {
      out.back() +=
          grant.until_is_date ? "expires = 2027-01-31\n" : "expires = 2027-01-31T00:00:00Z\n";
    }
  }
  for (const auto& [org, idps] : world.org_idps) {
    out.push_back("[orgs." + org + "]\nidps = " + list(idps) + "\n");
  }
  return out;
}

/// The whole policy, its parts in random order.
inline std::string text(const World& world, Dice& dice) {
  Strings parts = tables(world);
  Strings tools;
  for (const auto& [pattern, scopes] : world.tools) {
    tools.push_back("\"" + pattern + "\" = " + list(scopes) + "\n");
  }
  dice.shuffle(tools);
  std::string table = "[tools]\n";
  for (const auto& line : tools)
    table += line;
  parts.push_back(table);
  dice.shuffle(parts);
  std::string out = "version = 1\n";
  for (const auto& part : parts)
    out += part;
  return out;
}

}  // namespace reference
