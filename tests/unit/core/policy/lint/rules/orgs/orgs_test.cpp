#include "unit/core/policy/lint/rules/checked.hpp"

using namespace mcpauth;
using linting::found;
using linting::only;
using linting::summary;
constexpr std::string_view kOrgs = "orgs";

namespace {

const std::string kRoles =
    "version = 1\n[roles.reader]\nscopes = [\"db:read:*\"]\n[roles.base]\nscopes = [\"db:write\"]\n"
    "[roles.admin]\ninherits = [\"base\"]\n";

std::string granted(const std::string& role, const std::string& group,
                    const std::string& org = {}) {
  return "[[grant]]\nrole = \"" + role + "\"\ngroups = [\"" + group + "\"]\n" +
         (org.empty() ? "" : "org = \"" + org + "\"\n");
}

}  // namespace

TEST_CASE("lint/orgs: the examples") {
  linting::check_examples(kOrgs, linting::at_new_year());
}

TEST_CASE("lint/orgs: a group counts where its IdP speaks, and everywhere where nothing is said") {
  const auto text = kRoles + granted("admin", "okta:A\", \"entra:B", "acme") +
                    granted("admin", "entra:B", "zeta") +
                    "[orgs.acme]\nidps = [\"okta\"]\n[orgs.zeta]\n";
  const auto finding = only(found(kOrgs, text), "cross-org-grant");
  CHECK(finding.message ==
        "`entra:B` gets nothing in org `acme`: IdP `entra` does not speak for it");
  REQUIRE(finding.related.size() == 1);
  CHECK(finding.related[0].place.span.line == 17);
  CHECK(finding.path == "grant.admin@acme.groups[\"entra:B\"]");
}

TEST_CASE(
    "lint/orgs: of a grant for every org one thing is said, by what its role lets people do") {
  const auto text = kRoles + granted("reader", "okta:A") + granted("admin", "okta:admins");
  CHECK(summary(found(kOrgs, text)) == "");
  CHECK(summary(found(kOrgs, text + "[orgs.acme]\n")) == "");
  CHECK(summary(found(kOrgs, text + "[orgs.acme]\n[orgs.zeta]\n")) ==
        "8:1 org-unscoped-grant\n11:1 org-wildcard-write\n");
  CHECK(summary(found(kOrgs, kRoles + granted("reader", "okta:A") + "expires = 2020-01-01\n" +
                                 granted("admin", "okta:B", "acme") +
                                 granted("admin", "okta:B", "zeta"))) == "");
}

TEST_CASE("lint/orgs: `*` is not an org, and is reported if it gives more than reading") {
  const auto star = [](const std::string& role) {
    return found(kOrgs, kRoles + granted(role, "okta:A", "*"));
  };
  CHECK(summary(star("reader")) == "");
  CHECK(summary(star("admin")) == "11:7 org-wildcard-write\n");
  CHECK(star("admin")[0].related[0].place.span.line == 5);
}

TEST_CASE("lint/orgs: an owner may be named so or hold what administers, here or everywhere") {
  const auto of = [](const std::string& grants) {
    auto all =
        found(kOrgs,
              "version = 1\n[orgs.acme]\n[roles.r]\nscopes = [\"x:read\"]\n[roles.rbacAdmin]\n"
              "[roles.m]\nscopes = [\"mcpauth:mint\"]\n" +
                  grants);
    return summary(all);
  };
  CHECK(of(granted("r", "okta:Staff", "acme")) == "2:7 org-without-owner\n");
  CHECK(of(granted("r", "okta:Administration", "acme")) == "2:7 org-without-owner\n");
  CHECK(of(granted("r", "okta:acme-owners", "acme")) == "");
  CHECK(of(granted("rbacAdmin", "okta:Staff", "acme")) == "");
  CHECK(of(granted("m", "okta:Staff")) == "");
  CHECK(of(granted("m", "okta:Staff") + "expires = 2020-01-01\n") == "2:7 org-without-owner\n");
}
