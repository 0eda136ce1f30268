#include "core/dev/idp/users.hpp"

#include <doctest/doctest.h>

namespace mcpauth::dev::idp {

TEST_CASE("dev/idp/users: users are read with what they have") {
  const auto users = parse_users(
      "[users.alice]\ngroups = [\"HR\", \"IT\"]\norg_id = \"acme\"\nemail = \"a@b.c\"\n"
      "[users.\"Zoë\"]\n",
      "users.toml");
  REQUIRE(users);
  CHECK(users->size() == 2);
  CHECK(users->at("alice").groups == std::vector<std::string>{"HR", "IT"});
  CHECK(users->at("alice").org_id == "acme");
  CHECK(users->at("alice").email == "a@b.c");
  CHECK(users->at("Zoë").groups.empty());
}

TEST_CASE("dev/idp/users: all mistakes are reported at once, with its place") {
  const auto users = parse_users(
      "[users.alice]\ngroup = [\"HR\"]\norg_id = 1\ngroups = [2]\n[users]\nbob = 3\n[user]\n",
      "users.toml");
  REQUIRE_FALSE(users);
  CHECK(users.error().code == Errc::config);
  std::string told;
  for (const auto& problem : users.error().problems)
    told += problem.text() + "\n";
  CAPTURE(told);
  CHECK(told.find("users.toml:2:1: unknown key `group`") != std::string::npos);
  CHECK(told.find("users.toml:3:10: `org_id` must be a string") != std::string::npos);
  CHECK(told.find("users.toml:4:11: an item of `groups` must be a string") != std::string::npos);
  CHECK(told.find("user `bob` must be a table") != std::string::npos);
  CHECK(told.find("unknown key `user`") != std::string::npos);
}

TEST_CASE("dev/idp/users: a file without users is refused") {
  const auto users = parse_users("# nobody\n", "users.toml");
  REQUIRE_FALSE(users);
  CHECK(users.error().problems[0].message == "there are no users");
}

}  // namespace mcpauth::dev::idp
