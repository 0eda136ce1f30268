#include "core/policy/lint/rules/hygiene/secrets.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace mcpauth::policy::lint;

namespace {

std::string kinds(std::string_view text, SecretsIn where = SecretsIn::sentences) {
  std::string out;
  for (const auto& secret : secrets_in(text, where))
    out += (out.empty() ? "" : ", ") + std::string(secret.what);
  return out;
}

// In two parts, so that no scanner of sources takes this file for the thing itself.
const std::string kTail36 = "0123456789abcdefghijklmnopqrstuvwxyz";

}  // namespace

TEST_CASE("lint/secrets: the tokens of known services are found wherever they stand") {
  for (const auto where : {SecretsIn::names, SecretsIn::sentences}) {
    CHECK(kinds("ghp_" + kTail36, where) == "a GitHub token");
    CHECK(kinds("token=gho_" + kTail36 + "!", where) == "a GitHub token");
    CHECK(kinds("github_pat_" + kTail36, where) == "a GitHub token");
    CHECK(kinds("glpat-" + kTail36.substr(0, 20), where) == "a GitLab token");
    CHECK(kinds("xoxb-" + kTail36, where) == "a Slack token");
    CHECK(kinds(std::string("AKIA") + "IOSFODNN7EXAMPLE", where) == "an AWS access key");
    CHECK(kinds("AIza" + kTail36, where) == "a Google API key");
    CHECK(kinds("sk_live_" + kTail36, where) == "a Stripe key");
    CHECK(kinds("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", where) == "a JWT");
    CHECK(kinds(std::string("-----BEGIN ") + "EC PRIVATE KEY-----", where) == "a private key");
    CHECK(kinds("-----BEGIN CERTIFICATE-----", where) == "a PEM block");
    CHECK(kinds("https://ann:hunter2@example.com/x", where) == "a password in a URL");
  }
}

TEST_CASE("lint/secrets: long random strings only in sentences") {
  const std::string random = "key zT4mQ9xK2vLp8RwY1nBc6HsD3fGj7UaE0iXo5Wq done";
  CHECK(kinds(random) == "a long random string");
  CHECK(kinds(random, SecretsIn::names) == "");
}

TEST_CASE("lint/secrets: what only reminds of one is left alone") {
  for (const auto* text : {
           "ghp_short",
           "my_ghp_0123456789abcdefghijklmnopqrstuvwxyz0",  // a longer word
           "AKIAlowercase1234567",
           "eyJhbGciOiJub25lIn0.notjson",
           "-----BEGIN",
           "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
           "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904 took it out",
           "entra:0f8fad5b-d9cb-469f-a165-70867728950e",
           "docs/security/RBAC-Policy-2026/Overview-Of-Everything/Chapter12",
           "the-quick-brown-fox-jumps-over-the-lazy-dog-0123456789",
           "https://example.com:8443/path@home",
           "https://user@example.com",
           "see RFC 8725 and HR-1234",
       }) {
    CAPTURE(text);
    CHECK(kinds(text) == "");
  }
}

TEST_CASE("lint/secrets: the place of a token is reported, and hostile texts take no time") {
  const auto found = secrets_in("é: ghp_" + kTail36 + " x", SecretsIn::names);
  REQUIRE(found.size() == 1);
  CHECK(found[0].begin == 4);
  CHECK(found[0].length == 40);
  std::string hostile;
  for (int i = 0; i < 300'000; ++i)
    hostile += "eyJ-://:";
  CHECK(secrets_in(hostile, SecretsIn::sentences).empty());
}
