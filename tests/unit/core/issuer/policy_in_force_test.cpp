#include "core/issuer/policy_in_force.hpp"

#include <doctest/doctest.h>

#include "support/temp_dir.hpp"

namespace mcpauth::issuer {

TEST_CASE("issuer/policy_in_force: the digest changes with the text of any file of the policy") {
  const test::TempDir dir;
  const auto main = dir.write("rbac.toml", "version = 1\ninclude = [\"roles.toml\"]\n");
  dir.write("roles.toml", "version = 1\n[roles.reader]\nscopes = [\"db:read\"]\n");
  const auto before = load_policy(main);
  REQUIRE(before);
  CHECK(before->digest.size() == 43);
  CHECK(before->engine.policy().roles.size() == 1);
  CHECK(load_policy(main)->digest == before->digest);
  dir.write("roles.toml", "version = 1\n[roles.reader]\nscopes = [\"db:write\"]\n");
  CHECK(load_policy(main)->digest != before->digest);
}

TEST_CASE("issuer/policy_in_force: the digest of one file is the SHA-256 of its text") {
  const std::vector<policy::Source> one = {{.file = "rbac.toml", .text = "abc"}};
  CHECK(digest_of(one) == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

TEST_CASE("issuer/policy_in_force: a policy with mistakes is refused as a whole") {
  const test::TempDir dir;
  const auto bad = load_policy(dir.write("rbac.toml", "version = 1\n[[grant]]\nrole = \"no\"\n"));
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == Errc::config);
  CHECK_FALSE(bad.error().problems.empty());
  CHECK(load_policy(dir / "none.toml").error().code == Errc::not_found);
}

}  // namespace mcpauth::issuer
