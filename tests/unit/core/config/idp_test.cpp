#include <algorithm>

#include "unit/core/config/support.hpp"

namespace mcpauth::config {
namespace {

constexpr std::string_view kTenant = "11111111-2222-3333-4444-555555555555";

std::string preset(std::string_view name, std::string_view lines) {
  return "[[idp]]\nname = \"x\"\npreset = \"" + std::string(name) +
         "\"\naudience = [\"a\"]\norg_id = \"acme\"\n" + std::string(lines);
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST_CASE("config/idp: exactly one of org_id and org_claim") {
  CHECK(problem_of(idp("org_id = \"acme\"\n")).empty());
  CHECK(problem_of(idp("org_claim = \"/org/id\"\n")).empty());
  CHECK(says(problem_of(idp()), "has neither `org_id` nor `org_claim`"));
  CHECK(says(problem_of(idp("org_id = \"a\"\norg_claim = \"b\"\n")), "has both"));
  CHECK(says(problem_of(idp("org_id = \"\"\n")), "`org_id` is empty"));
}

TEST_CASE("config/idp: an audience is needed, a list of strings that are not empty") {
  const std::string start =
      "[[idp]]\nname = \"okta\"\npreset = \"okta\"\nissuer = \"https://acme.okta.com\"\n"
      "org_id = \"acme\"\n";
  CHECK(says(problem_of(start), "[[idp]] `okta` needs `audience`"));
  CHECK(says(problem_of(start + "audience = []\n"), "is an empty list"));
  CHECK(says(problem_of(start + "audience = \"a\"\n"), "must be a list of strings"));
  CHECK(says(problem_of(start + "audience = [\"\"]\n"), "`audience` is empty"));
  CHECK(says(problem_of(start + "audience = [1]\n"), "an item of `audience` must be a string"));
  CHECK(says(problem_of(start + "audience = [\"a\", \"a\"]\n"), "has this value twice"));
}

TEST_CASE("config/idp: one missing bracket is reported, with the two that are needed") {
  for (const std::string_view text :
       {"[idp]\n", "[idp]\n[idp]\n", "[[idp]]\n[idp]\n", "[egress]\n[egress.route]\n"}) {
    CAPTURE(text);
    const auto config = parse(text, "mcpauth.toml");
    REQUIRE_FALSE(config);
    const bool is_route = says(std::string(text), "route");
    CHECK(std::ranges::any_of(config.error().problems, [&](const Problem& problem) {
      return problem.hint == "write [[" + std::string(is_route ? "egress.route" : "idp") +
                                 "]], with two brackets, for each entry";
    }));
  }
}

TEST_CASE("config/idp: a secret in place of a reference is refused and not repeated") {
  for (const auto* secret : {"hunter2-hunter2", "ghp:hunter2", "env:", "env:a-b", "vault:../x",
                             "file:", "vault:a/b", "https://hunter2", ""}) {
    CAPTURE(secret);
    const auto text =
        idp("org_id = \"a\"\nclient_id = \"c\"\nclient_secret = \"" + std::string(secret) + "\"\n");
    const auto problem = problem_of(text);
    CHECK(says(problem, "`client_secret` is not a reference to a secret"));
    CHECK(!says(problem, "hunter2"));
  }
  for (const auto* reference : {"vault:okta", "env:OKTA_SECRET", "file:/run/okta", "exec:pass okta",
                                "fd:3", "pkcs11:object=okta"}) {
    CAPTURE(reference);
    CHECK(problem_of(idp("org_id = \"a\"\nclient_id = \"c\"\nclient_secret = \"" +
                         std::string(reference) + "\"\n"))
              .empty());
  }
  CHECK(
      says(problem_of(idp("org_id = \"a\"\nclient_secret = \"env:A\"\n")), "without `client_id`"));
}

TEST_CASE("config/idp: an unknown preset names the nearest") {
  const auto problem = problem_of(preset("keyclaok", "issuer = \"https://a.example\"\n"));
  CHECK(says(problem, "3:10: unknown preset `keyclaok` | did you mean `keycloak`?"));
  CHECK(says(problem_of(preset("ldap", "issuer = \"https://a.example\"\n")),
             "the presets are generic, okta, entra, google"));
}

TEST_CASE("config/idp: an IdP of the whole world must be told whose people may come in") {
  CHECK(says(problem_of(preset("google", "")), "lets in every Google Workspace domain"));
  CHECK(problem_of(preset("google", "hosted_domain = \"acme.example\"\n")).empty());
  CHECK(says(problem_of(preset("github-actions", "")), "everybody's pipelines"));
  CHECK(problem_of(preset("github-actions", "owners = [\"acme\"]\n")).empty());
  CHECK(says(problem_of(preset("gitlab", "")), "everybody's pipelines"));
  CHECK(problem_of(preset("gitlab", "issuer = \"https://git.acme.example\"\n")).empty());
  CHECK(problem_of("[[idp]]\nname = \"x\"\npreset = \"google\"\naudience = [\"a\"]\n"
                   "org_claim = \"hd\"\n")
            .empty());
  CHECK(says(problem_of(preset("okta", "issuer = \"https://a.example\"\nowners = [\"a\"]\n")),
             "`owners` is for the presets"));
  CHECK(
      says(problem_of(preset("okta", "issuer = \"https://a.example\"\nhosted_domain = \"a.b\"\n")),
           "`hosted_domain` is for the preset google"));
}

TEST_CASE("config/idp: what could never match is refused, not kept") {
  for (const auto* owner : {"acme/", "/acme", "a b", "*", "acme:x", ""}) {
    CAPTURE(owner);
    CHECK(says(problem_of(preset("github-actions", "owners = [\"" + std::string(owner) + "\"]\n")),
               "`owners` is not an owner"));
  }
  for (const auto* domain : {"*.acme.example", "ACME.example", "https://acme.example", "a..b"}) {
    CAPTURE(domain);
    CHECK(says(problem_of(preset("google", "hosted_domain = \"" + std::string(domain) + "\"\n")),
               "`hosted_domain` is not a domain"));
  }
  CHECK(says(problem_of(idp("org_id = \"" + std::string(257, 'o') + "\"\n")), "longer than 256"));
  CHECK(problem_of(preset("gitlab", "owners = [\"acme/team\"]\n")).empty());
}

TEST_CASE("config/idp: Entra is configured for one tenant by its id") {
  const std::string tenant(kTenant);
  for (const auto& good : {"https://login.microsoftonline.com/" + tenant + "/v2.0",
                           "https://sts.windows.net/" + tenant + "/"}) {
    CAPTURE(good);
    CHECK(problem_of(preset("entra", "issuer = \"" + good + "\"\n")).empty());
  }
  for (const auto* bad : {"https://login.microsoftonline.com/common/v2.0",
                          "https://login.microsoftonline.com/acme.onmicrosoft.com/v2.0",
                          "https://sts.windows.net/"}) {
    CAPTURE(bad);
    CHECK(says(problem_of(preset("entra", "issuer = \"" + std::string(bad) + "\"\n")),
               "does not name one tenant"));
  }
}

// The [[idp]] of one issuer: people first, and the audiences of a second one below it.
std::string gitlab_pair(std::string_view second) {
  return "[[idp]]\nname = \"people\"\npreset = \"generic\"\nissuer = \"https://gitlab.com\"\n"
         "audience = [\"app\", \"web\"]\norg_id = \"acme\"\n"
         "[[idp]]\nname = \"jobs\"\npreset = \"gitlab\"\nowners = [\"acme\"]\norg_id = \"acme\"\n"
         "audience = " +
         std::string(second) + "\n";
}

TEST_CASE("config/idp: one issuer may have several IdPs, told apart by their audiences") {
  const auto both = parse(gitlab_pair("[\"api://mcpauth\"]"), "m.toml");
  REQUIRE(both);
  REQUIRE(both->idps.size() == 2);
  CHECK(both->idps[0].issuer == both->idps[1].issuer);
  CHECK(problem_of(gitlab_pair("[\"api://mcpauth\", \"web\"]")) ==
        "12:30: the audience `web` is also an audience of [[idp]] `people` at "
        "conf/mcpauth.toml:5:20, and "
        "both have the issuer `https://gitlab.com` | the IdP of a token is found by issuer and "
        "audience: give each an audience of its own, or make them one [[idp]]");
  const auto all = problems_of(gitlab_pair("[\"web\", \"app\"]"));
  REQUIRE(all.size() == 2);
  CHECK(says(all[0], "12:13: the audience `web` is also an audience of [[idp]] `people` at "));
  CHECK(says(all[1], "12:20: the audience `app` is also an audience of [[idp]] `people` at "));
  // Audiences and issuers are compared byte for byte, as they are in tokens.
  CHECK(problem_of(gitlab_pair("[\"WEB\", \"web/\"]")).empty());
}

TEST_CASE(
    "config/idp: of three IdPs with an audience in common each is reported against the first") {
  const auto three = idp("org_id = \"acme\"\n");
  const auto second = "[[idp]]\nname = \"b\"\n" + three.substr(three.find("preset"));
  const auto third = "[[idp]]\nname = \"c\"\n" + three.substr(three.find("preset"));
  const auto all = problems_of(three + second + third);
  REQUIRE(all.size() == 2);
  CHECK(says(all[0],
             "11:13: the audience `api://mcpauth` is also an audience of [[idp]] `okta` at "));
  CHECK(says(all[1],
             "17:13: the audience `api://mcpauth` is also an audience of [[idp]] `okta` at "));
}

TEST_CASE("config/idp: names are unique, and our own issuer is no IdP") {
  const auto one = idp("org_id = \"acme\"\n");
  CHECK(says(problem_of(one + one), "two [[idp]] have the name `okta`"));
  const auto own = problem_of("[issuer]\nurl = \"https://acme.okta.com\"\nkeys = \"k\"\n" + one);
  CHECK(says(own, "this [[idp]] is our own issuer"));
}

TEST_CASE("config/idp: http to loopback is for issuers on loopback only") {
  const auto local = parse(preset("generic", "issuer = \"http://127.0.0.1:9000\"\n"), "m.toml");
  REQUIRE(local);
  CHECK(local->idps[0].reach == http::Reach::loopback_too);
  const auto far = parse(preset("generic", "issuer = \"https://a.example\"\n"), "m.toml");
  REQUIRE(far);
  CHECK(far->idps[0].reach == http::Reach::internet);
  CHECK(says(problem_of(preset("generic",
                               "issuer = \"https://a.example\"\n"
                               "jwks_uri = \"http://a.example/keys\"\n")),
             "`jwks_uri` is not https"));
}

TEST_CASE("config/idp: networks are those of one IdP, and shown as they are written") {
  const auto text = idp("org_id = \"acme\"\nnetworks = [\"10.1.0.0/16\", \"FD12:3456::/48\"]\n") +
                    preset("generic", "issuer = \"https://a.example\"\n");
  const auto config = parse(text, "m.toml");
  REQUIRE(config);
  const http::Reach expected{
      .networks = {*http::Network::parse("10.1.0.0/16"), *http::Network::parse("fd12:3456::/48")}};
  CHECK(config->idps[0].reach == expected);
  CHECK(config->idps[1].reach == http::Reach::internet);
  const auto& settings = describe(*config);
  const auto shown = std::ranges::find(settings, "idp.okta.networks", &Setting::name);
  REQUIRE(shown != settings.end());
  CHECK(shown->value == "10.1.0.0/16, FD12:3456::/48");
  CHECK(shown->origin == "m.toml:7");
  CHECK(std::ranges::find(settings, "idp.x.networks", &Setting::name) == settings.end());
}

TEST_CASE("config/idp: a network that must not be opened is an error at its place") {
  const auto of = [](std::string_view networks) {
    return problem_of(idp("org_id = \"acme\"\nnetworks = [" + std::string(networks) + "]\n"));
  };
  CHECK(
      of("\"10.1.2.0/24\", \"10.1.2.3/16\"") ==
      "7:28: `networks` cannot be opened as a network: it has bits set after the first 16 | write "
      "`10.1.0.0/16`, or for this address alone `10.1.2.3/32`");
  for (const auto* bad :
       {"0.0.0.0/0", "::/0", "10.0.0.0/7", "fd00::/8", "127.0.0.0/8", "::1/128", "169.254.0.0/16",
        "169.254.169.254/32", "fe80::/64", "100.100.100.200/32", "fd00:ec2::254/128", "8.8.8.0/24",
        "10.1.2.3", "sso.acme.example", "", "10.1.0.0\\u0000/16"}) {
    CAPTURE(bad);
    CHECK(says(of("\"" + std::string(bad) + "\""),
               "7:13: `networks` cannot be opened as a network: it"));
  }
  CHECK(says(of(""), "`networks` is an empty list"));
  CHECK(says(of("\"10.1.0.0/16\", \"10.1.0.0/16\""), "`networks` has this value twice"));
  CHECK(says(of("10"), "an item of `networks` must be a string"));
  CHECK(says(problem_of(idp("org_id = \"acme\"\nnetworks = \"10.1.0.0/16\"\n")),
             "`networks` must be a list of strings, not a string"));
}

TEST_CASE("config/idp: a listed network does not allow plain http") {
  CHECK(says(problem_of(preset("generic",
                               "issuer = \"http://10.1.2.3\"\n"
                               "networks = [\"10.1.0.0/16\"]\n")),
             "`issuer` is not https"));
}

TEST_CASE("config/idp: an unknown key names the nearest") {
  CHECK(says(problem_of(idp("org_id = \"a\"\ngroup_claim = \"g\"\n")),
             "7:1: unknown key `group_claim` in [[idp]] `okta` | did you mean `groups_claim`?"));
}

}  // namespace
}  // namespace mcpauth::config
