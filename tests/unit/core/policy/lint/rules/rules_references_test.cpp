#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;

namespace {

std::string said(std::string_view rule, std::string_view policy,
                 const policy::lint::Inputs& inputs = linting::example_inputs()) {
  std::string out;
  for (const auto& finding :
       linting::lint_text("version = 1\n" + std::string(policy), {}, inputs).findings) {
    if (finding.rule->name == rule) out += finding.message + " (" + finding.hint + ")\n";
  }
  return out;
}

}  // namespace

TEST_CASE("lint/references: tools are judged for the servers that are listed or nearly are") {
  CHECK(said("undefined-tool", R"([tools]
"hr/get_employe" = []
"hrr/get_employee" = []
"hr/nothing_like_it" = []
"payments/create" = []
"hr/*" = []
)") == "tool `hr/get_employe` is not listed by its server (did you mean `hr/get_employee`?)\n"
       "tool `hrr/get_employee` is not listed by its server (did you mean `hr/get_employee`?)\n"
       "tool `hr/nothing_like_it` is not listed by its server (take it out, or give the server's "
       "present list with --tools)\n");
  auto none = linting::example_inputs();
  none.tools.reset();
  CHECK(said("undefined-tool", "[tools]\n\"hr/get_employe\" = []\n", none) == "");
}

TEST_CASE("lint/references: groups are judged for the providers that are listed") {
  const std::string grant = R"([roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:Everyone", "okta:hr", "okta:Warehouse", "entra:Other"]
)";
  CHECK(
      said("unknown-group", grant) ==
      "group `okta:hr` is not in the list of groups (did you mean `okta:HR`?)\n"
      "group `okta:Warehouse` is not in the list of groups (the grant is for nobody: take it out, "
      "or give the present list with --groups)\n");
  auto none = linting::example_inputs();
  none.groups.reset();
  CHECK(said("unknown-group", grant, none) == "");
}

TEST_CASE("lint/references: orgs are judged where [orgs] is") {
  const std::string grant =
      "[roles.hr]\nscopes = [\"hr:read\"]\n[[grant]]\nrole = \"hr\"\ngroups = [\"okta:HR\"]\norg = "
      "\"globex\"\n";
  CHECK(said("undefined-org", grant) == "");
  CHECK(said("undefined-org", grant + "[orgs.acme]\n") ==
        "org `globex` is not in [orgs] (add [orgs.globex])\n");
  CHECK(said("undefined-org", grant + "[orgs.globexx]\n") ==
        "org `globex` is not in [orgs] (did you mean `globexx`?)\n");
}

TEST_CASE("lint/references: depth is counted along the longest way") {
  std::string policy = "[roles.r0]\nscopes = [\"hr:read\"]\n";
  for (int i = 1; i < 9; ++i) {
    const auto number = std::to_string(i);
    policy += "[roles.r" + number + "]\ninherits = [\"r0\", \"r" + std::to_string(i - 1) + "\"]\n";
  }
  CHECK(said("inheritance-too-deep", policy) ==
        "role `r5` inherits through 5 steps (let it inherit what it needs straight)\n");
}
