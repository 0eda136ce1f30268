#include <algorithm>

#include "core/codec/time.hpp"
#include "support/temp_dir.hpp"
#include "unit/core/config/support.hpp"

namespace mcpauth::config {
namespace {

std::string issuer_with(std::string_view lines) {
  return "[issuer]\nurl = \"https://auth.example.com\"\nkeys = \"keys\"\n" + std::string(lines);
}

const Setting* find(const Config& config, std::string_view name) {
  const auto& all = describe(config);
  const auto found = std::ranges::find(all, name, &Setting::name);
  return found == all.end() ? nullptr : &*found;
}

TEST_CASE("config/parse: the example in the repository is right, every table of it") {
  const auto config = load(MCPAUTH_EXAMPLE);
  REQUIRE_MESSAGE(config, config.error().message);
  CHECK(config->issuer->url == "https://auth.example.com");
  CHECK(config->issuer->ttl == std::chrono::minutes(10));
  CHECK(config->proxy->admin == "127.0.0.1:9090");
  REQUIRE(config->idps.size() == 8);
  CHECK(config->idps[0].client_secret == "vault:okta-client-secret");
  CHECK(config->idps[2].issuer == "https://accounts.google.com");
  CHECK(config->idps[4].owners == std::vector<std::string>{"acme"});
  REQUIRE(config->servers.size() == 2);
  CHECK(config->servers[0].audience == "https://hr.internal");
  CHECK(config->servers[1].audience == "https://auth.example.com/code");
  CHECK(config->providers.at(0).delivery == Delivery::header);
  CHECK(config->providers.at(0).delivery_header == "X-GitHub-Token");
  REQUIRE(config->egress);
  CHECK(config->egress->routes.at(0).inject_format == "Bearer {secret}");
  CHECK(config->egress->routes.at(0).required_scopes == std::vector<std::string>{"slack:post"});
  CHECK(config->audit);
}

TEST_CASE("config/parse: paths start at the file's folder, in references and stores too") {
  const auto config = parse(issuer_with("[policy]\nfile = \"../rbac.toml\"\n"
                                        "[vault]\nstore = \"sqlite:v.db\"\nkey = \"file:v.key\"\n"
                                        "[audit]\nfile = \"/var/log/audit.jsonl\"\n"),
                            "etc/mcpauth/mcpauth.toml");
  REQUIRE_MESSAGE(config, config.error().message);
  CHECK(config->issuer->keys == "etc/mcpauth/keys");
  CHECK(*config->policy == "etc/rbac.toml");
  CHECK(config->vault->store == "sqlite:etc/mcpauth/v.db");
  CHECK(config->vault->key == "file:etc/mcpauth/v.key");
  CHECK(config->audit->file == "/var/log/audit.jsonl");
}

TEST_CASE("config/parse: everything that is wrong is said at once, with its place") {
  const auto all = problems_of(
      "[issuer]\nurl = \"http://auth.example.com\"\nttl = \"1h\"\nkyes = \"keys\"\n"
      "[polcy]\nfile = \"rbac.toml\"\n[audit]\nfile = 7\n");
  REQUIRE(all.size() == 6);
  CHECK(all[0] == "1:1: [issuer] needs `keys`");
  CHECK(all[1] == "2:7: `url` is not https | http is for 127.0.0.1, [::1] and localhost only");
  CHECK(all[2] == "3:7: `ttl` is 1h, it must be 5m to 15m");
  CHECK(all[3] == "4:1: unknown key `kyes` in [issuer] | did you mean `keys`?");
  CHECK(all[4] == "5:2: unknown key `polcy` in the file | did you mean `policy`?");
  CHECK(all[5] == "8:8: `file` must be a string, not a whole number");
}

TEST_CASE("config/parse: a lifetime outside 5m to 15m is refused, both ends are allowed") {
  for (const auto* ttl : {"5m", "300s", "15m", "7m30s"}) {
    CAPTURE(ttl);
    const auto config = parse(issuer_with("ttl = \"" + std::string(ttl) + "\"\n"), "m.toml");
    REQUIRE(config);
    CHECK(config->issuer->ttl == *time::parse_duration(ttl));
  }
  for (const auto* ttl : {"4m59s", "15m1s", "24h", "0s"}) {
    CAPTURE(ttl);
    CHECK(problem_of(issuer_with("ttl = \"" + std::string(ttl) + "\"\n"))
              .find("it must be 5m to 15m") != std::string::npos);
  }
  CHECK(problem_of(issuer_with("ttl = \"600\"\n")).find("not a duration") != std::string::npos);
  CHECK(problem_of(issuer_with("ttl = 600\n")).find("must be a string") != std::string::npos);
}

TEST_CASE("config/parse: an issuer is https or on loopback, without query") {
  for (const auto* url : {"https://a.example", "https://a.example/t/", "http://127.0.0.1:9000",
                          "http://localhost:1", "http://[::1]:80/x"}) {
    CAPTURE(url);
    CHECK(problem_of("[issuer]\nkeys = \"k\"\nurl = \"" + std::string(url) + "\"\n").empty());
  }
  for (const auto* url : {"http://a.example", "ftp://a.example", "a.example", "https://a.example?x",
                          "https://a.example/#x", "https://u:p@a.example",
                          "http://127.0.0.1.example.com", "http://10.0.0.1", ""}) {
    CAPTURE(url);
    CHECK(!problem_of("[issuer]\nkeys = \"k\"\nurl = \"" + std::string(url) + "\"\n").empty());
  }
}

TEST_CASE("config/parse: a setting keeps where it came from, also when it is a default") {
  const auto config = parse(issuer_with("") + idp("org_id = \"acme\"\n"), "m.toml");
  REQUIRE(config);
  const auto* url = find(*config, "issuer.url");
  REQUIRE(url != nullptr);
  CHECK(url->value == "https://auth.example.com");
  CHECK(url->origin == "m.toml:2");
  const auto* ttl = find(*config, "issuer.ttl");
  REQUIRE(ttl != nullptr);
  CHECK(ttl->value == "10m");
  CHECK(ttl->origin == "default");
  const auto* audience = find(*config, "idp.okta.audience");
  REQUIRE(audience != nullptr);
  CHECK(audience->value == "api://mcpauth");
  CHECK(audience->origin == "m.toml:8");
}

TEST_CASE("config/parse: a file without tables is a configuration without anything") {
  const auto config = parse("", "m.toml");
  REQUIRE(config);
  CHECK(!config->issuer);
  CHECK(config->idps.empty());
  CHECK(!config->policy);
  CHECK(!config->audit);
}

TEST_CASE("config/parse: tables of the wrong shape are refused") {
  CHECK(problem_of("issuer = \"x\"\n").find("must be one table, [issuer]") != std::string::npos);
  CHECK(problem_of("[[issuer]]\nurl = \"x\"\n").find("must be one table") != std::string::npos);
  CHECK(problem_of("[idp]\nname = \"x\"\n").find("each under [[idp]]") != std::string::npos);
  CHECK(problem_of("idp = [1]\n").find("must hold only tables") != std::string::npos);
}

TEST_CASE("config/parse: text that is no TOML is Errc::config with its line") {
  const auto config = parse("[issuer]\nurl = \n", "m.toml");
  REQUIRE(!config);
  CHECK(config.error().code == Errc::config);
  REQUIRE(config.error().problems.size() == 1);
  CHECK(config.error().problems[0].line == 2);
}

TEST_CASE("config/parse: load names the file that it cannot read") {
  const test::TempDir folder;
  const auto config = load(folder / "none.toml");
  REQUIRE(!config);
  CHECK(config.error().code == Errc::config);
  CHECK(config.error().message.find("none.toml") != std::string::npos);
  const auto file = folder.write("mcpauth.toml", issuer_with(""));
  const auto good = load(file);
  REQUIRE(good);
  CHECK(good->issuer->keys == folder / "keys");
}

TEST_CASE("config/parse: the proxy's addresses are judged") {
  const auto proxy = [](std::string_view listen, std::string_view more) {
    return "[proxy]\npublic_url = \"https://a.example\"\nlisten = \"" + std::string(listen) +
           "\"\n" + std::string(more);
  };
  for (const auto* good : {"127.0.0.1:8080", "[::1]:443", "localhost:0", "0.0.0.0:65535"}) {
    CAPTURE(good);
    CHECK(problem_of(proxy(good, "")).empty());
  }
  for (const auto* bad : {"8080", ":8080", "127.0.0.1", "127.0.0.1:", "a:65536", "a:-1", "::1:80",
                          "a b:80", "a:8o", "https://a:80"}) {
    CAPTURE(bad);
    CHECK(problem_of(proxy(bad, "")).find("is not HOST:PORT") != std::string::npos);
  }
  CHECK(problem_of(proxy("127.0.0.1:1", "admin = \"127.0.0.1:1\"\n")).find("public listener") !=
        std::string::npos);
  CHECK(problem_of("[proxy]\nlisten = \"a:1\"\npublic_url = \"https://a.example/\"\n")
            .find("ends with a slash") != std::string::npos);
}

TEST_CASE("config/parse: servers have names and paths of their own, outside the proxy's") {
  const auto server = [](std::string_view name, std::string_view path) {
    return "[[server]]\nname = \"" + std::string(name) + "\"\npath = \"" + std::string(path) +
           "\"\nupstream = \"http://127.0.0.1:1/mcp\"\n";
  };
  CHECK(problem_of(server("hr", "/hr") + server("code", "/code")).empty());
  CHECK(problem_of(server("hr", "/hr") + server("hr", "/b")).find("two [[server]] have the name") !=
        std::string::npos);
  CHECK(problem_of(server("hr", "/hr") + server("b", "/hr")).find("two [[server]] have the path") !=
        std::string::npos);
  for (const auto* bad : {"hr", "/hr/", "//hr", "/a/../b", "/a?b", "/a%2fb", "/a;b", "/a b", "/"}) {
    CAPTURE(bad);
    CHECK(problem_of(server("hr", bad)).find("is not a path") != std::string::npos);
  }
  for (const auto* ours : {"/token", "/.well-known/x", "/me", "/connect/github"}) {
    CAPTURE(ours);
    CHECK(problem_of(server("hr", ours)).find("the proxy's own") != std::string::npos);
  }
  for (const auto* bad : {"", "a:b", "a/b", "-a", "a b", "\\u00e4"}) {
    CAPTURE(bad);
    CHECK(problem_of(server(bad, "/hr")).find("is not a name") != std::string::npos);
  }
}

}  // namespace
}  // namespace mcpauth::config
