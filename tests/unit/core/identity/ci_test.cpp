#include "core/identity/ci.hpp"

#include <map>
#include <string>

#include <doctest/doctest.h>

#include "support/fakes.hpp"

namespace mcpauth::identity {
namespace {

using Environment = std::map<std::string, std::string, std::less<>>;

Variables from(Environment environment) {
  return
      [environment = std::move(environment)](std::string_view name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
      };
}

Environment github_job() {
  return {{"GITHUB_ACTIONS", "true"},
          {"ACTIONS_ID_TOKEN_REQUEST_URL", "https://run.actions.example/token?api-version=2.0"},
          {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-bearer"}};
}

http::Response answer(int status, std::string body) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

TEST_CASE("identity/ci: the CI is found by its own variable and by nothing like it") {
  CHECK(detect(from({{"GITHUB_ACTIONS", "true"}})) == Ci::github_actions);
  CHECK(detect(from({{"GITLAB_CI", "true"}})) == Ci::gitlab);
  CHECK(!detect(from({})));
  CHECK(!detect(from({{"CI", "true"}, {"GITHUB_ACTIONS", "false"}})));
  CHECK(name(Ci::github_actions) == "github");
  CHECK(name(Ci::gitlab) == "gitlab");
}

TEST_CASE("identity/ci: GitHub is asked for a token with our audience") {
  test::FakeHttp http;
  http.replies.emplace_back(answer(200, R"({"count":5,"value":"a.b.c"})"));
  const auto token =
      ci_token(Ci::github_actions, {.audience = "api://mcpauth&x"}, from(github_job()), http);
  REQUIRE_MESSAGE(token, token.error().message);
  CHECK(token->reveal_text() == "a.b.c");
  REQUIRE(http.requests.size() == 1);
  const auto& asked = http.requests[0];
  CHECK(asked.method == "GET");
  CHECK(asked.url ==
        "https://run.actions.example/token?api-version=2.0&audience=api%3A%2F%2Fmcpauth%26x");
  CHECK(asked.reach == http::Reach::internet);
  CHECK(asked.authorization.reveal_text() == "Bearer canary-bearer");
}

TEST_CASE("identity/ci: a URL without a query gets one") {
  auto job = github_job();
  job["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://run.actions.example/token";
  test::FakeHttp http;
  http.replies.emplace_back(answer(200, R"({"value":"t"})"));
  REQUIRE(ci_token(Ci::github_actions, {.audience = "a"}, from(job), http));
  CHECK(http.requests.at(0).url == "https://run.actions.example/token?audience=a");
}

TEST_CASE("identity/ci: a GitHub job without the right to a token learns which permission") {
  for (const auto* missing : {"ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"}) {
    CAPTURE(missing);
    auto job = github_job();
    job[missing] = "";
    test::FakeHttp http;
    const auto token = ci_token(Ci::github_actions, {.audience = "a"}, from(job), http);
    REQUIRE(!token);
    CHECK(token.error().code == Errc::config);
    CHECK(token.error().hint.find("id-token: write") != std::string::npos);
    CHECK(http.requests.empty());
  }
}

TEST_CASE("identity/ci: the job's bearer goes to https only, to loopback when configured") {
  for (const auto* url : {"http://run.actions.example/t", "http://127.0.0.1:9/t", "ftp://x/",
                          "run.actions.example", "https://u:p@run.actions.example/"}) {
    CAPTURE(url);
    auto job = github_job();
    job["ACTIONS_ID_TOKEN_REQUEST_URL"] = url;
    test::FakeHttp http;
    CHECK(!ci_token(Ci::github_actions, {.audience = "a"}, from(job), http));
    CHECK(http.requests.empty());
  }
  auto job = github_job();
  job["ACTIONS_ID_TOKEN_REQUEST_URL"] = "http://127.0.0.1:9/t";
  test::FakeHttp http;
  http.replies.emplace_back(answer(200, R"({"value":"t"})"));
  CHECK(ci_token(Ci::github_actions, {.audience = "a", .allow_loopback = true}, from(job), http));
  CHECK(http.requests.at(0).reach == http::Reach::loopback_too);
}

TEST_CASE("identity/ci: a refusal by GitHub differs from an outage") {
  const auto code = [](int status) {
    test::FakeHttp http;
    http.replies.emplace_back(answer(status, "canary-body"));
    const auto token = ci_token(Ci::github_actions, {.audience = "a"}, from(github_job()), http);
    REQUIRE(!token);
    const auto& error = token.error();
    CHECK((error.message + error.hint + error.why).find("canary") == std::string::npos);
    return error.code;
  };
  CHECK(code(403) == Errc::denied);
  CHECK(code(302) == Errc::denied);
  CHECK(code(503) == Errc::network);
}

TEST_CASE("identity/ci: an answer without a token is an error that repeats nothing of it") {
  for (const auto* body : {"", "canary", "[]", "{}", R"({"value":7})", R"({"value":""})",
                           R"({"value":"canary","value":"b"})"}) {
    CAPTURE(body);
    test::FakeHttp http;
    http.replies.emplace_back(answer(200, body));
    const auto token = ci_token(Ci::github_actions, {.audience = "a"}, from(github_job()), http);
    REQUIRE(!token);
    CHECK(token.error().code == Errc::network);
    CHECK(token.error().message.find("canary") == std::string::npos);
  }
}

TEST_CASE("identity/ci: GitLab's token is in the variable that the job gave it") {
  test::FakeHttp http;
  const auto environment = from({{"MCPAUTH_ID_TOKEN", "a.b.c"}, {"OTHER", "d.e.f"}});
  const auto usual = ci_token(Ci::gitlab, {}, environment, http);
  REQUIRE(usual);
  CHECK(usual->reveal_text() == "a.b.c");
  const auto other = ci_token(Ci::gitlab, {.gitlab_variable = "OTHER"}, environment, http);
  REQUIRE(other);
  CHECK(other->reveal_text() == "d.e.f");
  CHECK(http.requests.empty());
}

TEST_CASE("identity/ci: a GitLab job without a token is shown the lines that it lacks") {
  test::FakeHttp http;
  const auto token = ci_token(Ci::gitlab, {.audience = "api://x"}, from({}), http);
  REQUIRE(!token);
  CHECK(token.error().code == Errc::config);
  CHECK(token.error().hint.find("id_tokens: { MCPAUTH_ID_TOKEN: { aud: \"api://x\" } }") !=
        std::string::npos);
}

}  // namespace
}  // namespace mcpauth::identity
