#include "core/policy/lint/fix/edits.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;

namespace {

std::vector<policy::lint::Finding> found(std::string_view rule, const std::string& policy) {
  std::vector<policy::lint::Finding> out;
  for (auto& finding :
       linting::lint_text(policy, {.persona = policy::lint::Persona::pedantic}).findings) {
    if (finding.rule->name == rule) out.push_back(std::move(finding));
  }
  return out;
}

std::string sorted(const std::string& policy) {
  const policy::lint::Texts texts{{"rbac.toml", policy}};
  policy::lint::EditSet edits(texts);
  for (const auto& finding : found("unsorted", policy)) {
    if (finding.fix) REQUIRE(edits.add(*finding.fix));
  }
  return edits.apply().at("rbac.toml");
}

const std::string kBegin = "version = 1\n[roles.hr]\n";

}  // namespace

TEST_CASE(
    "lint/hygiene: a secret is reported by kind and place, wherever it stands, and never shown") {
  const std::string token = std::string("ghp_") + "0123456789abcdefghijklmnopqrstuvwxyz";
  const auto findings =
      found("secret-in-policy",
            "# " + token + "\n" + kBegin + "description = '''\nx " + token +
                "'''\nscopes = [\"hr:read\"]\n[[grant]]\nrole = \"hr\"\ngroups = [\"okta:" + token +
                "\"]\n");
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].place.span.line == 1);
  CHECK(findings[0].place.span.column == 3);
  CHECK(findings[1].place.span.line == 5);
  CHECK(findings[1].place.span.column == 3);
  CHECK(findings[2].place.span.column == 17);
  for (const auto& finding : findings) {
    CHECK(finding.message == "this looks like a GitHub token");
    for (const auto* said :
         {&finding.message, &finding.hint, &finding.path, &finding.label, &finding.why})
      CHECK(said->find(token) == std::string::npos);
  }
}

TEST_CASE("lint/hygiene: URLs in names are judged, links in sentences are not") {
  const auto urls = [](const std::string& groups) {
    std::string out;
    for (const auto& finding : found(
             "insecure-issuer-url",
             kBegin +
                 "scopes = [\"hr:read\"]\ndescription = \"http://wiki/\"\n# "
                 "http://x/\n[[grant]]\nrole = \"hr\"\nreason = \"http://jira/HR-1\"\ngroups = [" +
                 groups + "]\n"))
      out += finding.message + "\n";
    return out;
  };
  CHECK(urls(R"("http://idp.example.com/realms/a:HR")") ==
        "`http://idp.example.com` is not protected by TLS\n");
  CHECK(urls(R"("http://127.0.0.1:8080:HR", "http://localhost:HR", "http://[::1]:80:HR")") == "");
  CHECK(urls(R"("http://127.0.0.1.example.com:HR")") ==
        "`http://127.0.0.1.example.com:HR` is not protected by TLS\n");
  CHECK(urls(R"("https://*.okta.com:HR")") ==
        "`https://*.okta.com:HR` has a wildcard for a host\n");
  CHECK(urls(R"("https://okta.com:HR", "okta:http")") == "");
}

TEST_CASE("lint/hygiene: a list is sorted in place, one with comments is only told") {
  CHECK(sorted(kBegin + "scopes = [\"b:x\", 'a:x', \"c:x\"]\n") ==
        kBegin + "scopes = ['a:x', \"b:x\", \"c:x\"]\n");
  CHECK(sorted(kBegin + "scopes = [\n  \"b:x\",\n  \"a:x\",\n]\n") ==
        kBegin + "scopes = [\n  \"a:x\",\n  \"b:x\",\n]\n");
  const auto commented = kBegin + "scopes = [\n  \"b:x\",  # why\n  \"a:x\",\n]\n";
  CHECK(sorted(commented) == commented);
  CHECK(found("unsorted", commented).size() == 1);
}

TEST_CASE("lint/hygiene: grants of high risk without a reason") {
  const std::string policy =
      "version = 1\n[scopes]\n\"pay:approve\" = { risk = \"high\" }\n[roles.lead]\nttl = "
      "\"5m\"\nscopes = [\"pay:approve\"]\n[[grant]]\nrole = \"lead\"\ngroups = [\"okta:HR\"]\n";
  REQUIRE(found("undocumented-grant", policy).size() == 1);
  CHECK(found("undocumented-grant", policy + "reason = \"FIN-1\"\n").empty());
}
