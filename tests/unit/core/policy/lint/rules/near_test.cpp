#include "core/policy/lint/rules/near.hpp"

#include <doctest/doctest.h>

using namespace mcpauth::policy::lint;

TEST_CASE("lint/near: slips of the keyboard are told from words that differ") {
  struct Row {
    std::string_view a;
    std::string_view b;
    std::string_view how;  // "" : they are two names
  };
  static const Row kRows[] = {
      {"platform-admins", "platfrom-admins", "two swapped letters"},
      {"okta:Engineering", "okta:Enigneering", "two swapped letters"},
      {"okta:Engineering", "okta:Engneering", "one letter"},
      {"okta:Engineering", "okta:Engimeering", "one letter"},
      {"okta:Accounting", "okta:Acccounting", "a doubled letter"},
      {"hr-admin", "hr_admin", "separators"},
      {"hradmin", "hr-admin", "separators"},
      {"hrAdmin", "hr-admin", "separators"},
      {"okta", "otka", "two swapped letters"},
      {"administrators", "adminsitartors", "moved letters"},
      {"db:read:employee", "db:read:emplyoee", "two swapped letters"},
      // Short words, numbers and versions.
      {"dev", "dew", ""},
      {"okta:HR", "okta:RH", ""},
      {"team1", "team2", ""},
      {"region-10", "region-01", ""},
      {"v1.2", "v12", ""},
      {"node18-users", "node81-users", ""},
      // Endings and first letters.
      {"admin", "admins", ""},
      {"okta:Contractor", "okta:Contractors", ""},
      {"employee", "employer", ""},
      {"manager", "managed", ""},
      {"hr/get_employee", "hr/set_employee", ""},
      {"reader", "leader", ""},
      {"internal", "external", ""},
      {"activate", "deactivate", ""},
      {"subscribe-all", "unsubscribe-all", ""},
      // Families.
      {"eu-west-a", "eu-west-b", ""},
      {"region-us", "region-eu", ""},
      // Pairs that are meant, and long words that are two.
      {"db:read:x", "db:write:x", ""},
      {"read-contacts", "read-contracts", ""},
      {"files/upload", "files/unload", ""},
      {"jira/get_transition", "jira/get_transaction", ""},
      {"conversion:read", "conversation:read", ""},
      // Another structure is another name; only case is for another rule.
      {"db:read", "dbread", ""},
      {"HR", "hr", ""},
      {"same", "same", ""},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.a);
    CAPTURE(row.b);
    CHECK(slip_between(row.a, row.b) == row.how);
    CHECK(slip_between(row.b, row.a) == row.how);
  }
}

TEST_CASE("lint/near: pairs are found among many names, families are not") {
  std::vector<std::string> owned = {"platform-admins", "platfrom-admins", "payments"};
  for (int i = 0; i < 500; ++i)
    owned.push_back("service-" + std::string(1, static_cast<char>('a' + i % 26)) + "-" +
                    std::to_string(i));
  for (const char c : {'o', 'a', 'u', 'i'})
    owned.push_back(std::string("cluster-b") + c + "nker");
  const std::vector<std::string_view> names(owned.begin(), owned.end());
  const auto near = near_pairs(names);
  CHECK(near.is_complete);
  REQUIRE(near.pairs.size() == 1);
  CHECK(near.pairs[0].a + near.pairs[0].b == 1);
}

TEST_CASE("lint/near: hostile names neither stop it nor take it long") {
  std::vector<std::string> owned;
  for (int i = 0; i < 60'000; ++i) {  // all made of the same letters, in small groups
    std::string name = "abcdefghijkl";
    for (int digit = 0, rest = i / 3; digit < 6; ++digit, rest /= 7)
      name += std::string(static_cast<std::size_t>(rest % 7), static_cast<char>('m' + digit));
    std::swap(name[2 + static_cast<std::size_t>(i % 3)], name[3 + static_cast<std::size_t>(i % 3)]);
    owned.push_back(std::move(name));
  }
  owned.emplace_back(1'000'000, 'a');
  owned.emplace_back("\xFF\xFE broken");
  owned.emplace_back("");
  const std::vector<std::string_view> names(owned.begin(), owned.end());
  CHECK(near_pairs(names).pairs.size() < 300'000);
}
