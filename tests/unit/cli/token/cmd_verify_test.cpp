#include <algorithm>

#include "core/base/file.hpp"
#include "core/codec/base64url.hpp"
#include "support/minting.hpp"

namespace mcpauth::test {
namespace {

/// Tokens of one key, and the set that has it.
class Signer {
 public:
  explicit Signer(crypto::Algorithm alg = crypto::Algorithm::es256)
      : key_(keys::generate(alg).value()) {
    set_ = R"({"keys":[)" + json::write(jose::to_jwk(key_.key.public_key(), key_.kid, key_.alg)) +
           "]}";
    jwks_ = dir_.write("jwks.json", set_).string();
  }

  std::string sign(const json::Object& more = {}) const { return sign_with({}, more); }

  std::string sign_with(const json::Object& header_more, const json::Object& more) const {
    json::Object header{{"alg", crypto::name(key_.alg)}, {"kid", key_.kid}, {"typ", "at+jwt"}};
    for (const auto& [name, value] : header_more)
      header.set(name, value);
    json::Object claims{{"iss", "https://i"},         {"sub", "alice"},     {"aud", "https://hr"},
                        {"exp", kNowSeconds + 600},   {"iat", kNowSeconds}, {"org_id", "acme"},
                        {"scope", "db:read:employee"}};
    for (const auto& [name, value] : more)
      claims.set(name, value);
    return jose::sign_jws(key_, header, bytes_of(json::write(claims))).value();
  }

  Run verify(std::string token, std::vector<std::string> more = {"--audience", "https://hr"}) {
    World world{.in = std::move(token)};
    more.insert(more.begin(), {"verify", "-", "--jwks", jwks_});
    return mcpauth(more, world);
  }

  const std::string& jwks() const { return jwks_; }
  const std::string& set() const { return set_; }
  const jose::SigningKey& key() const { return key_; }
  const TempDir& dir() const { return dir_; }

 private:
  TempDir dir_;
  jose::SigningKey key_;
  std::string set_;
  std::string jwks_;
};

std::string forged(std::string_view header, std::string_view payload, std::string_view signature) {
  return base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload)) + "." +
         base64url::encode(bytes_of(signature));
}

}  // namespace

TEST_CASE("cli/verify: a good token is 0 and its claims are shown") {
  Signer signer;
  const auto run = signer.verify(signer.sign() + "\n");
  CHECK(run.status == 0);
  CHECK(has(run.out, "pass  signature\n"));
  CHECK(has(run.out, "\nvalid\n"));
  CHECK(has(run.out, "    \"sub\": \"alice\",\n"));
}

TEST_CASE("cli/verify: every failure is listed at once, and no claim is shown") {
  Signer signer;
  const auto run = signer.verify(
      signer.sign({{"exp", kNowSeconds - 100}}),
      {"--audience", "https://other", "--org", "globex", "--scope", "db:write:salary",
       "--issuer-is", "https://j", "--require", "acr=high", "--typ", "JWT", "--alg", "EdDSA"});
  CHECK(run.status == 1);
  for (const auto* reason : {"alg-not-allowed", "wrong-type", "wrong-issuer", "wrong-audience",
                             "expired", "wrong-org", "missing-claim", "missing-scope"}) {
    CAPTURE(reason);
    CHECK(has(run.out, reason));
  }
  CHECK(has(run.out, "invalid: 8 checks fail\n"));
  CHECK_FALSE(has(run.out, "alice"));
}

TEST_CASE("cli/verify: each JWT attack is refused with its own reason") {
  Signer signer;
  const std::string claims = R"({"sub":"alice","aud":"https://hr","exp":1800000600})";
  const std::string header = R"({"alg":"ES256","kid":")" + signer.key().kid + "\"}";
  const std::string good = signer.sign();
  std::string tampered = good;
  tampered[tampered.size() - 20] = tampered[tampered.size() - 20] == 'A' ? 'B' : 'A';
  const std::string kid = R"(","kid":")" + signer.key().kid + R"("})";
  const struct {
    std::string token;
    std::string_view reason;
  } cases[] = {
      {forged(R"({"alg":"none)" + kid, claims, ""), "alg-none"},
      {forged(R"({"alg":"nOnE)" + kid, claims, ""), "alg-none"},
      {forged(R"({"alg":"HS256)" + kid, claims, std::string(32, 'x')), "alg-unsupported"},
      {forged(R"({"alg":"RS256)" + kid, claims, std::string(256, 'x')), "alg-mismatch"},
      {tampered, "bad-signature"},
      {forged(header, claims, ""), "bad-signature"},
      {signer.sign_with({{"crit", json::Array{"x"}}, {"x", 1}}, {}), "unknown-crit"},
      {signer.sign_with({{"jku", "https://evil"}}, {}), "embedded-key"},
      {signer.sign_with({{"jwk", json::Object{}}}, {}), "embedded-key"},
      {signer.sign_with({{"x5u", "https://evil"}}, {}), "embedded-key"},
      {signer.sign_with({{"typ", "dpop+jwt"}}, {}), "wrong-type"},
      {signer.sign({{"exp", "soon"}}), "bad-claim"},
      {signer.sign({{"exp", -1}}), "bad-claim"},
      {signer.sign({{"exp", kNowSeconds - 31}}), "expired"},
      {signer.sign({{"nbf", kNowSeconds + 31}}), "not-yet-valid"},
      {signer.sign({{"iat", kNowSeconds + 31}}), "issued-in-future"},
      {signer.sign({{"aud", json::Array{"https://hr.evil", "x"}}}), "wrong-audience"},
      {forged(R"({"alg":"ES256","alg":"none"})", claims, "x"), "malformed"},
      {forged(header, R"({"aud":"https://hr","aud":"x"})", std::string(64, 'x')), "malformed"},
      {good + "=", "malformed"},
      {"a.b.c", "malformed"},
      {"a.b.c.d.e", "encrypted"},
      {std::string(70'000, 'a'), "too-large"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.reason);
    CAPTURE(one.token.substr(0, 100));
    const auto run = signer.verify(one.token);
    CHECK(run.status == 1);
    CHECK_MESSAGE(has(run.out, one.reason), run.out);
    CHECK_FALSE(has(run.out, "\nvalid"));
  }
}

TEST_CASE("cli/verify: a key that is not there is 4, a set that cannot be used 3, no set 3") {
  Signer signer;
  Signer other;
  const auto unknown = signer.verify(other.sign());
  CHECK(unknown.status == 4);
  CHECK(has(unknown.out, "cannot be verified"));
  CHECK_FALSE(has(unknown.out, "alice"));
  for (const std::string_view set :
       {"{}", R"({"keys":[]})", "not json", R"({"keys":[{"kty":"oct","k":"AAAA"}]})", ""}) {
    CAPTURE(set);
    World world{.in = signer.sign()};
    const auto file = signer.dir().write("bad.json", set).string();
    const auto run = mcpauth({"verify", "--jwks", file, "--audience", "a"}, world);
    CHECK(run.status == 3);
    CHECK(run.out.empty());
  }
  World world{.in = signer.sign()};
  CHECK(mcpauth({"verify", "--jwks", (signer.dir() / "none").string(), "--audience", "a"}, world)
            .status == 3);
}

TEST_CASE("cli/verify: a set that cannot be used is 3 from a URL and an issuer as from a file") {
  Signer signer;
  const auto reply = [](std::string body) {
    return http::Response{
        .status = 200, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
  };
  for (const std::string set : {"<html>", "{}", R"({"keys":[]})", "not json",
                                R"({"keys":[{"kty":"oct","k":"AAAA"}]})", "", "\xef\xbb\xbf{}"}) {
    CAPTURE(set);
    World world{.in = signer.sign()};
    world.http.replies.push_back(reply(set));
    const auto run = mcpauth({"verify", "--jwks", "https://i/keys", "--audience", "a"}, world);
    CHECK(run.status == 3);
    CHECK(run.out.empty());

    World found{.in = signer.sign()};
    found.http.replies.push_back(reply(R"({"issuer":"https://i","jwks_uri":"https://i/keys"})"));
    found.http.replies.push_back(reply(set));
    CHECK(mcpauth({"verify", "--issuer", "https://i", "--audience", "a"}, found).status == 3);
  }
  Signer other;
  World unknown{.in = other.sign()};
  unknown.http.replies.push_back(reply(signer.set()));
  unknown.http.replies.push_back(reply("<html>"));  // asked again
  CHECK(mcpauth({"verify", "--jwks", "https://i/keys", "--audience", "a"}, unknown).status == 4);
}

TEST_CASE(
    "cli/verify: an issuer's keys are found by discovery and asked again for an unknown kid") {
  Signer signer;
  Signer before;
  const auto reply = [](std::string body) {
    return http::Response{
        .status = 200, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
  };
  World world{.in = signer.sign()};
  world.http.replies.push_back(reply(R"({"issuer":"https://i","jwks_uri":"https://i/keys"})"));
  world.http.replies.push_back(reply(before.set()));
  world.http.replies.push_back(reply(signer.set()));
  const auto run = mcpauth({"verify", "--issuer", "https://i", "--audience", "https://hr"}, world);
  CHECK_MESSAGE(run.status == 0, run.err);
  CHECK(has(run.out, "pass  iss"));

  World refused{.in = signer.sign()};
  refused.http.replies.push_back(reply(R"({"issuer":"https://j","jwks_uri":"https://i/keys"})"));
  refused.http.replies.push_back(reply(signer.set()));
  CHECK(mcpauth({"verify", "--issuer", "https://i", "--audience", "https://hr"}, refused).status ==
        3);
}

TEST_CASE("cli/verify: one key, PEM or JWK, public or private, does as well as a set") {
  Signer signer;
  const auto token = signer.sign();
  const auto& key = signer.key();
  for (const auto& file :
       {signer.dir().write("a.pem", key.key.to_pem()->reveal_text()),
        signer.dir().write("b.pem", key.key.public_key().to_pem()),
        signer.dir().write("c.jwk", jose::to_private_jwk(key).reveal_text()),
        signer.dir().write("d.jwk",
                           json::write(jose::to_jwk(key.key.public_key(), key.kid, key.alg)))}) {
    CAPTURE(file);
    World world{.in = token};
    const auto run = mcpauth({"verify", "--key", file.string(), "--audience", "https://hr"}, world);
    CAPTURE(run.out + run.err);
    CHECK(run.status == 0);
  }
}

TEST_CASE("cli/verify: the set-up that would accept too much is refused with 2") {
  Signer signer;
  CHECK(signer.verify(signer.sign(), {}).status == 2);
  World world;
  CHECK(mcpauth({"verify", "--audience", "a"}, world).status == 2);
  CHECK(
      mcpauth({"verify", "--jwks", signer.jwks(), "--key", signer.jwks(), "--audience", "a"}, world)
          .status == 2);
  CHECK(mcpauth({"verify", signer.sign(), "--jwks", signer.jwks(), "--audience", "a"}, world)
            .status == 2);
  CHECK(signer.verify("x", {"--audience", "a", "--alg", "HS256"}).status == 2);
  CHECK(signer.verify("x", {"--audience", "a", "--threads", "0"}).status == 2);
}

TEST_CASE("cli/verify: what only contains a token, and nothing at all, are said: 3") {
  Signer signer;
  const auto pasted = signer.verify("Authorization: Bearer " + signer.sign());
  CHECK(pasted.status == 3);
  CHECK(has(pasted.err, "a Bearer header"));
  CHECK(signer.verify(" \n").status == 3);
}

TEST_CASE("cli/verify: --signature-only judges any payload, and shows none of it") {
  Signer signer;
  const json::Object header{{"alg", "ES256"}, {"kid", signer.key().kid}};
  const auto jws = jose::sign_jws(signer.key(), header, bytes_of("any payload")).value();
  const auto run = signer.verify(jws, {"--signature-only"});
  CHECK(run.status == 0);
  CHECK_FALSE(has(run.out, "any payload"));
  CHECK(signer.verify(jws).status == 1);
}

TEST_CASE("cli/verify: --at and --leeway move the clock, --max-age bounds the age") {
  Signer signer;
  const auto old = signer.sign({{"exp", kNowSeconds - 3600}, {"iat", kNowSeconds - 7200}});
  CHECK(signer.verify(old).status == 1);
  CHECK(signer.verify(old, {"--audience", "https://hr", "--at", "-2h"}).status == 0);
  CHECK(signer.verify(old, {"--audience", "https://hr", "--at", "1799996000"}).status == 0);
  const auto late = signer.sign({{"exp", kNowSeconds - 40}});
  CHECK(signer.verify(late).status == 1);
  CHECK(signer.verify(late, {"--audience", "https://hr", "--leeway", "60s"}).status == 0);
  const auto aged = signer.sign({{"iat", kNowSeconds - 500}});
  const auto run = signer.verify(aged, {"--audience", "https://hr", "--max-age", "5m"});
  CHECK(run.status == 1);
  CHECK(has(run.out, "too-old"));
}

TEST_CASE("cli/verify: --tool judges whether the token is enough for it") {
  Signer signer;
  const auto policy = signer.dir().write("rbac.toml", R"(version = 1
[tools]
"hr/get" = ["db:read:employee"]
"hr/set" = ["db:write:salary"]
[roles.r]
scopes = ["db:read:*", "db:write:*"]
[[grant]]
role = "r"
groups = ["a:b"]
)");
  const auto judge = [&](const std::string& tool) {
    return signer.verify(signer.sign(),
                         {"--audience", "https://hr", "--tool", tool, "--policy", policy.string()});
  };
  CHECK(has(judge("hr/get").out, "pass  policy"));
  CHECK(judge("hr/get").status == 0);
  const auto refused = judge("hr/set");
  CHECK(refused.status == 1);
  CHECK(has(refused.out, "missing-scope: `hr/set` needs `db:write:salary`"));
  CHECK(has(judge("hr/none").out, "unknown-tool"));
}

TEST_CASE("cli/verify: --json is one document with every check") {
  Signer signer;
  const auto good =
      json::parse(signer.verify(signer.sign(), {"--audience", "https://hr", "--json"}).out);
  REQUIRE(good);
  CHECK(text_of_claim(*good, "schema") == "mcpauth.verify/1");
  CHECK(text_of_claim(*good, "verdict") == "valid");
  CHECK(text_of_claim(*good->find("claims"), "sub") == "alice");
  const auto run = signer.verify(signer.sign(), {"--audience", "x", "--json"});
  CHECK(run.status == 1);
  const auto bad = json::parse(run.out);
  REQUIRE(bad);
  CHECK(text_of_claim(*bad, "valid") == "false");
  CHECK(text_of_claim(*bad, "reason") == "wrong-audience");
  CHECK(bad->find("claims") == nullptr);
}

TEST_CASE("cli/verify: what stands in a token cannot act on the terminal") {
  Signer signer;
  const auto run =
      signer.verify(signer.sign({{"sub", "al\x1b[2Jice\nvalid"}, {"aud", "\x1b[31m"}}));
  CHECK(run.status == 1);
  CHECK_FALSE(has(run.out, "\x1b"));
  const auto shown = signer.verify(signer.sign({{"sub", "al\x1b[2Jice\xe2\x80\xae"}}));
  CHECK(shown.status == 0);
  CHECK_FALSE(has(shown.out, "\x1b"));
  CHECK_FALSE(has(shown.out, "\xe2\x80\xae"));
}

TEST_CASE("cli/verify: --batch answers line by line, and its status is the worst") {
  Signer signer;
  Signer other;
  const std::vector<std::string> batch = {"--audience", "https://hr", "--batch"};
  const auto good = signer.verify(signer.sign() + "\n" + signer.sign() + "\n", batch);
  CHECK(good.status == 0);
  CHECK(std::ranges::count(good.out, '\n') == 2);
  const auto bad = signer.verify(signer.sign() + "\nx\n", batch);
  CHECK(bad.status == 1);
  CHECK(has(bad.out, R"({"line":2,"valid":false,"verdict":"invalid","reason":"malformed")"));
  CHECK(signer.verify(signer.sign() + "\nx\n" + other.sign(), batch).status == 4);
  const auto file = signer.dir().write("tokens", signer.sign() + "\n").string();
  World world;
  CHECK(mcpauth({"verify", file, "--jwks", signer.jwks(), "--audience", "https://hr", "--batch",
                 "--threads", "2"},
                world)
            .status == 0);
  CHECK(
      mcpauth({"verify", file + "x", "--jwks", signer.jwks(), "--audience", "a", "--batch"}, world)
          .status == 3);
}

TEST_CASE("cli/verify: an unknown key is 4 whatever the claims say, and what has a bad form is 1") {
  Signer signer;
  Signer other;
  const auto expired =
      signer.verify(other.sign({{"exp", kNowSeconds - 100}, {"aud", "https://x"}}));
  CHECK(expired.status == 4);
  CHECK(has(expired.out, "fail  kid        unknown-kid:"));
  CHECK(has(expired.out, "fail  exp        expired:"));
  CHECK(has(expired.out, "fail  aud        wrong-audience:"));
  const auto none = signer.verify(forged(R"({"alg":"none","kid":"nobody"})", R"({"exp":1})", ""));
  CHECK(none.status == 1);
}

TEST_CASE("cli/verify: a token bound to a key says that possession was not proved") {
  Signer signer;
  const auto bound =
      signer.sign({{"cnf", json::Object{{"jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2"}}}});
  const auto run = signer.verify(bound);
  CHECK(run.status == 0);
  CHECK(has(run.out, "skip  cnf        bound to a key: possession was not proved here\n"));
  CHECK(run.err.empty());
  const auto json = signer.verify(bound, {"--audience", "https://hr", "--json"});
  CHECK(has(json.out, R"({"name":"cnf","outcome":"skip","detail":"bound to a key: )"));
  const auto batch = signer.verify(bound, {"--audience", "https://hr", "--batch"});
  CHECK(has(batch.out, ",\"bound\":true}\n"));

  CHECK_FALSE(has(signer.verify(signer.sign()).out, "cnf"));
  CHECK_FALSE(
      has(signer.verify(signer.sign(), {"--audience", "https://hr", "--batch"}).out, "bound"));
}

TEST_CASE("cli/verify: a long claim is cut in the check list and whole among the claims") {
  Signer signer;
  const std::string endless(10'000, 'v');
  const std::string cut = std::string(240, 'v') + "… (10,000 bytes)";
  const auto token = signer.sign({{"iss", endless}, {"org_id", endless}});
  const auto run = signer.verify(token);
  CHECK(run.status == 0);
  CHECK(has(run.out, "skip  iss        " + cut + "\n"));
  CHECK(has(run.out, "    \"iss\": \"" + endless + "\""));
  const auto wrong = signer.verify(token, {"--audience", "https://hr", "--issuer-is", "https://i"});
  CHECK(has(wrong.out, "wrong-issuer: `" + cut + "`; expected `https://i`\n"));
  CHECK(wrong.out.size() < 3000);
  const auto json = signer.verify(token, {"--audience", "https://hr", "--json"});
  CHECK(has(json.out, R"({"name":"org","outcome":"skip","detail":")" + cut + R"("})"));
  CHECK(has(json.out, R"("org_id":")" + endless + R"(")"));
}

TEST_CASE("cli/verify: -v says which keys were asked, and which one it was") {
  Signer signer;
  const auto flags = std::vector<std::string>{"--audience", "https://hr", "-v"};
  const auto token = signer.sign();
  const auto good = signer.verify(token, flags);
  CHECK(good.err == "keys: 1 key of `" + signer.jwks() + "`, 0 skipped\nkey: `" + signer.key().kid +
                        "`, ES256, made the signature\noutput: text to stdout\n");
  Signer other;
  CHECK(has(signer.verify(other.sign(), flags).err, "\nkey: none was looked up\n"));
  std::string tampered = token;
  tampered[tampered.size() - 20] = tampered[tampered.size() - 20] == 'A' ? 'B' : 'A';
  CHECK(has(signer.verify(tampered, flags).err, "`, ES256, did not make the signature\n"));
  CHECK(signer.verify(token).err.empty());

  World world{.in = token};
  world.http.replies.emplace_back(Error{.code = Errc::network, .message = "down"});
  const auto down = mcpauth({"verify", "-v", "--audience", "https://hr", "--jwks",
                             "https://keys.example/set?secret=s3cret"},
                            world);
  CHECK(down.status == 3);
  CHECK(has(down.err, "http: GET `https://keys.example/set`: no answer, 0 ms\n"));
  CHECK_FALSE(has(down.err, "s3cret"));
}

TEST_CASE("cli/verify: --batch of nothing proves nothing, and a blank line is not a token") {
  Signer signer;
  const std::vector<std::string> batch = {"--audience", "https://hr", "--batch"};
  const auto none = signer.verify("", batch);
  CHECK(none.status == 3);
  CHECK(none.out.empty());
  CHECK(has(none.err, "error[input]: no token was read\n  try: "));
  const auto blank = signer.verify("\n", batch);
  CHECK(blank.status == 1);
  CHECK(has(blank.out, R"({"line":1,"valid":false,"verdict":"invalid","reason":"malformed")"));
}

}  // namespace mcpauth::test
