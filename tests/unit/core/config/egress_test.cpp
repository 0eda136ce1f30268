#include "unit/core/config/support.hpp"

namespace mcpauth::config {
namespace {

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

struct RouteText {
  std::string host = "slack.com";
  std::string methods = R"(["POST"])";
  std::string paths = R"(["/api/chat.postMessage"])";
  std::string secret = "secret = \"vault:slack\"\n";
  std::string inject = R"({ header = "Authorization", format = "Bearer {secret}" })";
  std::string needs = R"(["slack:post"])";

  std::string text() const {
    return "[egress]\nlisten = \"127.0.0.1:8081\"\n[[egress.route]]\nname = \"slack\"\nhost = \"" +
           host + "\"\nmethods = " + methods + "\npaths = " + paths + "\n" + secret +
           "inject = " + inject + "\nrequires = " + needs + "\n";
  }
};

std::string provider(std::string_view lines) {
  return "[[provider]]\nname = \"github\"\npreset = \"github\"\nclient_id = \"c\"\n"
         "servers = [\"code\"]\n" +
         std::string(lines);
}

TEST_CASE("config/egress: a route that is whole is taken") {
  CHECK(problem_of(RouteText{}.text()).empty());
}

TEST_CASE("config/egress: hosts are anchored: exact, or one label in front") {
  for (const auto* good : {"slack.com", "*.example.com", "a-b.example.com", "localhost"}) {
    CAPTURE(good);
    CHECK(problem_of(RouteText{.host = good}.text()).empty());
  }
  for (const auto* bad : {"*", "*.com", "*.*.com", "a.*.com", "*example.com", "Slack.com",
                          "slack.com.", "slack.com:443", "https://slack.com", "a..b", "-a.com",
                          "slack.com/x", "s\\u00e4.com", ""}) {
    CAPTURE(bad);
    CHECK(says(problem_of(RouteText{.host = bad}.text()), "`host` is not a host"));
  }
}

TEST_CASE("config/egress: paths are exact or end in one star segment") {
  for (const auto* good : {R"(["/a/*"])", R"(["/"])", R"(["/a", "/b/*"])"}) {
    CAPTURE(good);
    CHECK(problem_of(RouteText{.paths = good}.text()).empty());
  }
  for (const auto* bad : {R"(["/a*"])", R"(["*"])", R"(["/a/*/b"])", R"(["/a/../b"])",
                          R"(["/a//b"])", R"(["/a?x"])", R"(["/a%2fb"])", R"(["a"])"}) {
    CAPTURE(bad);
    CHECK(says(problem_of(RouteText{.paths = bad}.text()), "`paths` is not a path"));
  }
}

TEST_CASE("config/egress: what is absent is not allowed by default") {
  CHECK(says(problem_of(RouteText{.methods = "[]"}.text()), "`methods` is an empty list"));
  CHECK(says(problem_of(RouteText{.methods = R"(["post"])"}.text()), "is not a method"));
  CHECK(says(problem_of(RouteText{.methods = R"(["CONNECT"])"}.text()), "is not a method"));
  CHECK(says(problem_of(RouteText{.needs = "[]"}.text()), "`requires` is an empty list"));
  CHECK(says(problem_of(RouteText{.secret = ""}.text()), "either `secret` or `connection`"));
  CHECK(says(problem_of(RouteText{.secret = "secret = \"xoxb-1-2\"\n"}.text()),
             "not a reference to a secret"));
}

TEST_CASE("config/egress: an injection names a header and holds the secret once") {
  CHECK(says(problem_of(RouteText{.inject = "1"}.text()), "needs `inject`"));
  CHECK(says(problem_of(RouteText{.inject = R"({ header = "A: b", format = "{secret}" })"}.text()),
             "is not a header's name"));
  for (const auto* format : {"Bearer", "{secret}{secret}", "{secret}\\r\\nX: y"}) {
    CAPTURE(format);
    const auto inject = R"({ header = "A", format = ")" + std::string(format) + "\" }";
    CHECK(says(problem_of(RouteText{.inject = inject}.text()), "`format` "));
  }
}

TEST_CASE("config/egress: a connection names a provider of the file") {
  RouteText route;
  route.secret = "connection = \"github\"\n";
  CHECK(says(problem_of(route.text()), "no [[provider]] is called `github`"));
  CHECK(problem_of(route.text() + provider("deliver = \"egress\"\n")).empty());
}

TEST_CASE("config/egress: a provider says how its tokens are delivered") {
  CHECK(problem_of(provider("deliver = { header = \"X-GitHub-Token\" }\n")).empty());
  CHECK(problem_of(provider("deliver = \"exchange\"\n")).empty());
  CHECK(says(problem_of(provider("")), "needs `deliver`"));
  CHECK(says(problem_of(provider("deliver = \"post\"\n")), "not a header"));
  CHECK(says(problem_of(provider("deliver = { headr = \"X\" }\n")), "did you mean `header`?"));
}

TEST_CASE("config/egress: a vault's key is not in the vault and its store holds no password") {
  const auto vault = [](std::string_view store, std::string_view key) {
    return "[vault]\nstore = \"" + std::string(store) + "\"\nkey = \"" + std::string(key) + "\"\n";
  };
  CHECK(problem_of(vault("sqlite:v.db", "file:v.key")).empty());
  CHECK(problem_of(vault("postgres://app@db.example/vault", "env:VAULT_KEY")).empty());
  CHECK(says(problem_of(vault("sqlite:v.db", "vault:key")), "cannot be in it"));
  CHECK(says(problem_of(vault("postgres://app:hunter2@db/v", "env:K")), "holds a password"));
  CHECK(!says(problem_of(vault("postgres://app:hunter2@db/v", "env:K")), "hunter2"));
  CHECK(says(problem_of(vault("mysql://db/v", "env:K")), "is not a store"));
}

}  // namespace
}  // namespace mcpauth::config
