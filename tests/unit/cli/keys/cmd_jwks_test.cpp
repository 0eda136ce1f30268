#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/codec/json.hpp"
#include "core/jose/jwks.hpp"
#include "core/keys/generate.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

json::Object new_jwk() {
  const auto key = keys::generate(crypto::Algorithm::es256).value();
  return jose::to_jwk(key.key.public_key(), key.kid, key.alg);
}

std::string set_of(json::Array keys) {
  return json::write(json::Value(json::Object{{"keys", std::move(keys)}}));
}

json::Value parsed(const Run& run) {
  CAPTURE(run.out);
  auto document = json::parse(run.out);
  REQUIRE(document);
  return *document;
}

http::Response answer(std::string body, int status = 200) {
  return {
      .status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
}

constexpr auto kUrl = "https://idp.example.com/jwks";

}  // namespace

TEST_CASE("cli/jwks lint: a clean set is 0, a warning or worse 1, --exit-zero 0 again") {
  const TempDir dir;
  const auto clean = dir.write("clean.json", set_of({new_jwk()})).string();
  const auto good = mcpauth({"jwks", "lint", clean});
  CHECK(good.status == 0);
  CHECK(good.out == "no findings\n");

  auto leaked = new_jwk();
  leaked.set("d", "AAAA");
  const auto bad = dir.write("bad.json", set_of({leaked})).string();
  const auto found = mcpauth({"jwks", "lint", bad});
  CHECK(found.status == 1);
  CHECK(has(found.out, "error[private-member] key 1 ("));
  CHECK(mcpauth({"jwks", "lint", "--exit-zero", bad}).status == 0);

  auto renamed = new_jwk();
  renamed.set("kid", "mine");
  const auto info = dir.write("info.json", set_of({renamed})).string();
  const auto only_info = mcpauth({"jwks", "lint", info});
  CHECK(only_info.status == 0);
  CHECK(has(only_info.out, "info[kid-not-thumbprint] key 1 (mine):"));
}

TEST_CASE("cli/jwks lint: the JSON document has every finding and their number") {
  const TempDir dir;
  const auto file =
      dir.write("bad.json", R"({"keys":[{"kty":"oct","k":"AAAA","kid":"a"}]})").string();
  const auto run = mcpauth({"jwks", "lint", "--json", file});
  CHECK(run.status == 1);
  const auto document = parsed(run);
  CHECK(*document.find("schema")->string() == "mcpauth.jwks.lint/1");
  CHECK(*document.at_pointer("/findings/0/rule")->string() == "symmetric-key");
  CHECK(*document.at_pointer("/findings/0/kid")->string() == "a");
  CHECK(document.at_pointer("/summary/error")->integer() == 1);
  CHECK_FALSE(has(run.out, "AAAA"));
}

TEST_CASE("cli/jwks lint: from stdin and from a URL") {
  World world;
  world.in = set_of({new_jwk()});
  CHECK(mcpauth({"jwks", "lint", "-"}, world).status == 0);
  world.http.replies = {answer(set_of({new_jwk()}))};
  CHECK(mcpauth({"jwks", "lint", kUrl}, world).status == 0);
  REQUIRE(world.http.requests.size() == 1);
  CHECK(world.http.requests[0].reach == http::Reach::internet);
  CHECK(world.http.requests[0].max_body == jose::KeySet::kMaxBytes);
}

TEST_CASE("cli/jwks lint: a set that cannot be read or is not JSON is 3, a bad URL is 2") {
  const TempDir dir;
  const auto html = dir.write("page.html", "<html>").string();
  const auto run = mcpauth({"jwks", "lint", html});
  CHECK(run.status == 3);
  CHECK(has(run.err, "page.html`"));
  CHECK(mcpauth({"jwks", "lint", (dir / "none").string()}).status == 3);
  CHECK(mcpauth({"jwks", "lint", "https://user@idp.example.com/jwks"}).status == 2);
  World world;
  world.http.replies = {answer("", 302), answer("<html>sign in")};
  const auto moved = mcpauth({"jwks", "lint", kUrl}, world);
  CHECK(moved.status == 3);
  CHECK(has(moved.err, "redirects, which is not followed"));
  const auto page = mcpauth({"jwks", "lint", kUrl}, world);
  CHECK(page.status == 3);
  CHECK(has(page.err, "answered with a web page instead of JSON"));
}

TEST_CASE("cli/jwks lint: a source with a scheme is a URL and never a file name") {
  World world;
  world.http.replies = {answer(set_of({new_jwk()}))};
  CHECK(mcpauth({"jwks", "lint", "HTTPS://idp.example.com/jwks"}, world).status == 0);
  for (const std::string url : {"ftp://idp.example.com/jwks", "s3://bucket/jwks"}) {
    const auto run = mcpauth({"jwks", "lint", url});
    CHECK(run.status == 2);
    CHECK(has(run.err, "`" + url + "`: the URL's scheme is neither https nor http"));
  }
  const TempDir dir;
  const auto file = dir.write("a:b", set_of({new_jwk()})).string();
  CHECK(mcpauth({"jwks", "lint", file}).status == 0);
  CHECK(mcpauth({"jwks", "lint", "file://" + file}).status == 0);
}

TEST_CASE("cli/jwks lint: a loopback URL is allowed, because a person named it") {
  World world;
  world.http.replies = {answer(set_of({new_jwk()}))};
  CHECK(mcpauth({"jwks", "lint", "http://127.0.0.1:8700/jwks"}, world).status == 0);
  CHECK(world.http.requests[0].reach == http::Reach::loopback_too);
}

TEST_CASE("cli/jwks diff: the same keys are 0, others 1, and it says whether that was safe") {
  const TempDir dir;
  const auto a = new_jwk();
  const auto b = new_jwk();
  const auto one = dir.write("one.json", set_of({a})).string();
  const auto both = dir.write("both.json", set_of({a, b})).string();
  const auto other = dir.write("other.json", set_of({b})).string();

  const auto same = mcpauth({"jwks", "diff", one, one});
  CHECK(same.status == 0);
  CHECK(same.out == "the same keys\n");

  const auto safe = mcpauth({"jwks", "diff", one, both});
  CHECK(safe.status == 1);
  CHECK(safe.out == "added  " + *b.find("kid")->string() + "\nsafe: 1 key is in both sets\n");

  const auto swapped = mcpauth({"jwks", "diff", one, other});
  CHECK(swapped.status == 1);
  CHECK(has(swapped.out, "not safe: no key is in both sets"));

  const auto document = parsed(mcpauth({"jwks", "diff", "--json", one, other}));
  CHECK(*document.find("safe")->boolean() == false);
  CHECK(document.find("changes")->array()->size() == 2);
  CHECK(*document.at_pointer("/changes/1/change")->string() == "removed");
}

TEST_CASE("cli/jwks diff: a set that cannot be used is 3, and the error names it") {
  const TempDir dir;
  const auto empty = dir.write("empty.json", R"({"keys":[]})").string();
  const auto one = dir.write("one.json", set_of({new_jwk()})).string();
  const auto run = mcpauth({"jwks", "diff", one, empty});
  CHECK(run.status == 3);
  CHECK(has(run.err, "empty.json`"));
  CHECK(mcpauth({"jwks", "diff", one}).status == 2);
}

TEST_CASE("cli/jwks fetch: the set at a URL, with what is skipped and why") {
  World world;
  const auto good = new_jwk();
  world.http.replies = {answer(set_of({good, json::Object{{"kty", "oct"}, {"kid", "bad"}}}))};
  const auto run = mcpauth({"jwks", "fetch", kUrl}, world);
  CHECK(run.status == 0);
  CHECK(has(run.out, *good.find("kid")->string()));
  CHECK_FALSE(has(run.out, "oct"));
  CHECK(has(run.err, "skipped key 2 bad (key-not-public):"));

  world.http.replies = {answer(set_of({good, json::Object{{"kty", "oct"}, {"kid", "bad"}}}))};
  const auto document = parsed(mcpauth({"jwks", "fetch", "--json", kUrl}, world));
  CHECK(document.find("keys")->array()->size() == 1);
  CHECK(*document.at_pointer("/skipped/0/reason")->string() == "key-not-public");
}

TEST_CASE("cli/jwks fetch: an issuer leads to its set") {
  World world;
  world.http.replies = {
      answer("<html>sign in</html>"),
      answer(R"({"issuer":"https://idp.example.com","jwks_uri":"https://idp.example.com/k"})"),
      answer(set_of({new_jwk()}))};
  const auto run = mcpauth({"jwks", "fetch", "https://idp.example.com"}, world);
  CAPTURE(run.err);
  CHECK(run.status == 0);
  REQUIRE(world.http.requests.size() == 3);
  CHECK(world.http.requests[2].url == "https://idp.example.com/k");
}

TEST_CASE("cli/jwks fetch: a set that cannot be used is 3") {
  World world;
  world.http.replies.push_back(answer(R"({"keys":[]})"));
  const auto run = mcpauth({"jwks", "fetch", kUrl}, world);
  CHECK(run.status == 3);
  CHECK(run.out.empty());
}

TEST_CASE(
    "cli/jwks fetch: what is wrong with the URL itself is not hidden by what discovery says") {
  const std::pair<http::Response, std::string> cases[] = {
      {answer("<html>sign in"), "answered with a web page"},
      {answer("", 302), "redirects, which is not followed"},
      {answer("", 500), "answered with status 500"}};
  for (const auto& [reply, cause] : cases) {
    World world;
    world.http.replies = {reply, answer("", 404), answer("", 404), answer("", 404)};
    const auto run = mcpauth({"jwks", "fetch", kUrl}, world);
    CAPTURE(run.err);
    CHECK(run.status == 3);
    CHECK(has(run.err.substr(0, run.err.find('\n')), cause));
    CHECK(has(run.err, "nor is it an issuer: "));
  }
}

TEST_CASE("cli/jwks: the password in a URL is not repeated") {
  const std::string url = "https://user:hunter2@idp.example.com/jwks?key=hunter2";
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{"jwks", "fetch", url},
        {"jwks", "lint", url},
        {"verify", "-", "--audience", "a", "--jwks", url},
        {"mint", "--audience", "a", "--subject-token", "t", "--from", url}}) {
    World world;
    world.in = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";
    const auto run = mcpauth(line, world);
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK_FALSE(has(run.err, "hunter2"));
    CHECK(has(run.err, "`https://…@"));
  }
}

TEST_CASE("cli/jwks fetch: an issuer that does not answer is 3, a file or a bad URL is 2") {
  World world;
  const auto run = mcpauth({"jwks", "fetch", "https://idp.example.com"}, world);
  CAPTURE(run.err);
  CHECK(run.status == 3);
  CHECK(mcpauth({"jwks", "fetch", "keys.json"}).status == 2);
  CHECK(mcpauth({"jwks", "fetch"}).status == 2);
}

}  // namespace mcpauth::test
