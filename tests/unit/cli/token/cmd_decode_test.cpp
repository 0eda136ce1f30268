#include "core/codec/base64url.hpp"
#include "support/minting.hpp"

namespace mcpauth::test {
namespace {

std::string token_of(std::string_view header, std::string_view payload) {
  return base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload)) + "." +
         base64url::encode(bytes_of(std::string(64, 's')));
}

const std::string kClean =
    token_of(R"({"alg":"ES256","kid":"k","typ":"at+jwt"})",
             R"({"iss":"https://i","sub":"alice","aud":"a","exp":1800000600,"iat":1800000000,)"
             R"("jti":"j","client_id":"c","scope":"a:b","org_id":"acme"})");

Run decode(std::string text, std::vector<std::string> more = {},
           std::map<std::string, std::string> variables = {}) {
  World world{.in = std::move(text), .variables = std::move(variables)};
  more.insert(more.begin(), "decode");
  return mcpauth(more, world);
}

}  // namespace

TEST_CASE("cli/decode: it says NOT VERIFIED and shows header, claims and times three ways") {
  const auto run = decode("Authorization: Bearer " + kClean);
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("NOT VERIFIED"));
  CHECK(has(run.out, "found in a Bearer header\n"));
  CHECK(has(run.out, "    \"alg\": \"ES256\",\n"));
  CHECK(has(run.out, "    \"sub\": \"alice\",\n"));
  CHECK(has(run.out, "exp        1800000600  2027-01-15T08:10:00Z  in 10m\n"));
}

TEST_CASE("cli/decode: a claim cannot become a command of the CI that runs it") {
  const std::string hostile =
      token_of(R"({"alg":"ES256"})", R"({"sub":"a\n::add-mask::foo","c":"::set-env::x"})");
  World world{.in = hostile, .variables = {{"CI", "true"}}};
  CHECK(mcpauth({"decode", "--field", "/sub"}, world).out == "a\\x0a::add-mask::foo\n");
  World again{.in = hostile, .variables = {{"CI", "true"}}};
  CHECK_FALSE(mcpauth({"decode", "--field", "/c"}, again).out.starts_with("::"));
  CHECK(decode(hostile, {"--field", "/c"}).out == "::set-env::x\n");
}

TEST_CASE("cli/decode: --json says that it is not verified too") {
  const auto document = json::parse(decode(kClean, {"--json"}).out);
  REQUIRE(document);
  CHECK(text_of_claim(*document, "schema") == "mcpauth.decode/1");
  CHECK(text_of_claim(*document, "verified") == "false");
  CHECK(text_of_claim(*document->at_pointer("/times/exp"), "relative") == "in 10m");
  CHECK(text_of_claim(*document->find("claims"), "sub") == "alice");
}

TEST_CASE("cli/decode: --field prints one value alone, and its absence is 1") {
  const auto run = decode(kClean, {"--field", "/sub"});
  CHECK(run.status == 0);
  CHECK(run.out == "alice\n");
  CHECK(has(run.err, "NOT VERIFIED"));
  CHECK(decode(kClean, {"--field", "/exp"}).out == "1800000600\n");
  CHECK(decode(kClean, {"--field", "/header/kid"}).out == "k\n");
  CHECK(decode(kClean, {"--field", "/nothing"}).status == 1);
  CHECK(has(decode(kClean, {"--field", ""}).out, "\"sub\""));  // the whole document
  CHECK(decode(kClean, {"--field", "/a~2b"}).status == 2);
  CHECK(has(decode(kClean, {"--field", "/sub", "-q"}).err, "NOT VERIFIED"));
  CHECK(decode(kClean, {"--field", "/exp", "--json"}).out ==
        "{\"schema\":\"mcpauth.decode/1\",\"verified\":false,\"field\":\"/exp\","
        "\"value\":1800000600}\n");
  CHECK(decode(kClean, {"--field", "sub"}).status == 2);
}

TEST_CASE("cli/decode: --field says NOT VERIFIED under -q as well") {
  const auto run = decode(kClean, {"-q", "--field", "/sub"});
  CHECK(run.out == "alice\n");
  CHECK(run.err == "NOT VERIFIED\n");
}

TEST_CASE("cli/decode: --field under --json is a document, with the value as JSON") {
  CHECK(decode(kClean, {"--json", "--field", "/sub"}).out ==
        R"({"schema":"mcpauth.decode/1","verified":false,"field":"/sub","value":"alice"})"
        "\n");
  const auto number = json::parse(decode(kClean, {"--json", "--field", "/exp"}).out);
  REQUIRE(number);
  CHECK(number->find("value")->integer() == 1800000600);
}

TEST_CASE("cli/decode: --field of a missing member is not a denial, and a bad pointer is usage") {
  const auto missing = decode(kClean, {"--field", "/nope"});
  CHECK(missing.status == 1);
  CHECK(missing.out.empty());
  CHECK(missing.err == "error[missing-claim]: the token has no `/nope`\n");
  for (const auto* pointer : {"/a~2b", "/a~", "sub"}) {
    CAPTURE(pointer);
    const auto run = decode(kClean, {"--field", pointer});
    CHECK(run.status == 2);
    CHECK(has(run.err, "is not a JSON pointer"));
  }
}

TEST_CASE("cli/decode: --lint is 0 without findings and 1 with, each named") {
  const auto clean = decode(kClean, {"--lint"});
  CHECK(clean.status == 0);
  CHECK(has(clean.out, "nothing found"));
  const auto bad = decode(token_of(R"({"alg":"none"})", R"({"sub":"a","scope":"*"})"), {"--lint"});
  CHECK(bad.status == 1);
  for (const auto* rule : {"alg-none", "no-exp", "no-aud", "wildcard-scope"}) {
    CAPTURE(rule);
    CHECK(has(bad.out, rule));
  }
  const auto document =
      json::parse(decode(token_of(R"({"alg":"none"})", "{}"), {"--lint", "--json"}).out);
  REQUIRE(document);
  CHECK(text_of_claim(*document->at_pointer("/findings/0"), "rule") == "alg-none");
}

TEST_CASE("cli/decode: --redact leaves nothing personal and no signature") {
  const auto token = token_of(R"({"alg":"ES256","kid":"k"})",
                              R"({"iss":"https://i","sub":"alice","email":"alice@acme.example",)"
                              R"("groups":["Board"],"unheard":"of"})");
  for (const auto& flags :
       {std::vector<std::string>{"--redact"}, {"--redact", "--json"}, {"--redact", "--lint"}}) {
    const auto run = decode(token, flags);
    for (const auto* personal : {"alice", "Board", "\"of\"", "acme.example"}) {
      CAPTURE(personal);
      CHECK_FALSE(has(run.out, personal));
    }
    CHECK_FALSE(has(run.out, token.substr(token.rfind('.') + 1)));
    CHECK(has(run.out, "https://i"));
    CHECK(has(run.out, "email"));
  }
}

TEST_CASE("cli/decode: --redact leaves nothing personal in the header, signed or encrypted") {
  const std::string more = R"("kid":"alice@acme.example","jku":"https://alice.example/k"})";
  const auto jwe = base64url::encode(bytes_of(R"({"alg":"dir","enc":"A256GCM",)" + more));
  for (const auto& token : {token_of(R"({"alg":"ES256",)" + more, "{}"), jwe + "..aXY.Y3Q.dGFn"}) {
    for (const auto& flags : {std::vector<std::string>{"--redact"}, {"--redact", "--json"}}) {
      const auto run = decode(token, flags);
      CHECK_FALSE(has(run.out, "alice"));
      CHECK(has(run.out, "header/kid"));
      CHECK(has(run.out, "header/jku"));
    }
  }
}

TEST_CASE("cli/decode: an encrypted token shows its header and says so") {
  const auto run =
      decode(base64url::encode(bytes_of(R"({"alg":"dir","enc":"A256GCM"})")) + "..aXY.Y3Q.dGFn");
  CHECK(run.status == 0);
  CHECK(has(run.out, "encrypted (JWE)"));
  CHECK(has(run.out, "A256GCM"));
}

TEST_CASE("cli/decode: where no token is, the status is 3") {
  const auto run = decode("nothing here");
  CHECK(run.status == 3);
  CHECK(run.out.empty());
  CHECK(has(run.err, "there is no token in the 12 bytes"));
  CHECK(decode(kClean, {"/no/such/file"}).status == 3);
}

TEST_CASE("cli/decode: a token over 64 KiB is said to be too large, not to be no token") {
  const std::string claims = R"({"sub":")" + std::string(70'000, 'a') + R"("})";
  for (const std::string before : {"", "Authorization: Bearer "}) {
    const auto run = decode(before + token_of(R"({"alg":"ES256"})", claims));
    CHECK(run.status == 3);
    CHECK(run.err.starts_with("error[too-large]: the token is over 65536 bytes\n"));
  }
}

TEST_CASE("cli/decode: a token as an argument is refused, it would be in the process list") {
  const auto run = decode("", {kClean});
  CHECK(run.status == 2);
  CHECK_FALSE(has(run.err, kClean));
}

TEST_CASE("cli/decode: what stands in a token cannot act on the terminal or the pipeline") {
  const auto hostile = token_of("{\"alg\":\"ES256\",\"kid\":\"\xe2\x80\xae\"}",
                                "{\"sub\":\"\\u001b[2J\\n::error::x\",\"\xc2\x9b\":\"y\"}");
  for (const auto& flags : {std::vector<std::string>{}, {"--lint"}, {"--redact"}}) {
    const auto run = decode(hostile, flags);
    for (const auto* raw : {"\x1b", "\xe2\x80\xae", "\xc2\x9b", "\n::"}) {
      CHECK_FALSE(has(run.out, raw));
    }
  }
}

TEST_CASE("cli/decode: --field in a pipeline gives no workflow command and no control character") {
  const auto hostile = token_of(R"({"alg":"ES256"})",
                                "{\"sub\":\"::error::x\",\"name\":\"a\\u001b[2J\\n::stop::b\"}");
  for (const auto* ci : {"CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION"}) {
    CAPTURE(ci);
    CHECK(decode(hostile, {"--field", "/sub"}, {{ci, "true"}}).out == "\\x3a:error::x\n");
    CHECK(decode(hostile, {"--field", "/name"}, {{ci, "true"}}).out == "a\\x1b[2J\\x0a::stop::b\n");
    CHECK(decode(hostile, {"--field", "/sub"}, {{ci, "false"}}).out == "::error::x\n");
  }
  CHECK(decode(hostile, {"--field", "/name"}).out == "a\x1b[2J\n::stop::b\n");
}

}  // namespace mcpauth::test
