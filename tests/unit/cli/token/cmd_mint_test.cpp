#include <filesystem>
#include <fstream>

#include "core/base/file.hpp"
#include "core/codec/text.hpp"
#include "support/minting.hpp"

namespace mcpauth::test {
namespace {

std::vector<json::Value> records(const std::filesystem::path& file) {
  std::vector<json::Value> all;
  const auto log = read_file(file);
  REQUIRE(log);
  for (const auto line : text::split(*log, '\n')) {
    if (!line.empty()) all.push_back(json::parse(line).value());
  }
  return all;
}

constexpr std::string_view kAudit = "[audit]\nfile = \"audit.jsonl\"\n";

}  // namespace

TEST_CASE("cli/mint: an IdP token becomes a JWT with what the policy gives, alone on stdout") {
  Company company;
  const auto run = company.mint({}, company.token());
  REQUIRE_MESSAGE(run.status == 0, run.err);
  CHECK(run.err.empty());
  CHECK(run.out.ends_with('\n'));
  CHECK(run.out.find('\n') == run.out.size() - 1);
  const auto claims = claims_of(run.out);
  CHECK(text_of_claim(claims, "iss") == "https://auth.example.com");
  CHECK(text_of_claim(claims, "sub") == "alice");
  CHECK(text_of_claim(claims, "aud") == "https://hr");
  CHECK(text_of_claim(claims, "scope") == "db:read:employee");
  CHECK(text_of_claim(claims, "org_id") == "acme");
  CHECK(text_of_claim(claims, "idp") == "company");
  CHECK(text_of_claim(claims, "roles") == R"(["reader"])");
  CHECK(text_of_claim(claims, "exp") == std::to_string(kNowSeconds + 600));
}

TEST_CASE("cli/mint: -v says what was decided by what, and nothing of a token or a key") {
  Company company(kAudit);
  const auto dir = company.dir().path().string();
  const auto run = company.mint({"-v", "--org", "acme"}, company.token());
  REQUIRE_MESSAGE(run.status == 0, run.err);
  const std::string kid = text_of_claim(
      jose::parse_jws(std::string_view(run.out).substr(0, run.out.size() - 1))->header, "kid");
  CHECK(run.err ==
        "config: `" + dir + "/mcpauth.toml`\n" +  //
            "policy: `" + dir + "/rbac.toml`, 2 roles, 1 grant, 2 tool patterns\n" +
            "http: GET `https://idp.example.com/.well-known/oauth-authorization-server`: 200, 78 "
            "bytes, 0 ms\n"
            "http: GET `https://idp.example.com/keys`: 200, 215 bytes, 0 ms\n"
            "idp: `company` (https://idp.example.com): subject `alice`, org `acme`, 1 group\n"
            "roles: `reader` by the grant at " +
            dir + "/rbac.toml:9\n" +  //
            "key: `" + kid + "`, ES256, of `" + company.key_file() + "`\n" +
            "audit: recorded in `" + dir + "/audit.jsonl`\n" + "output: raw to stdout\n");
  CHECK_FALSE(has(run.err, "eyJ"));
  company.publish();
  CHECK(company.mint({"-vq"}, company.token()).err.empty());
}

TEST_CASE("cli/mint: -v says what a refusal rests on") {
  Company company(kAudit);
  company.world.variables["MCPAUTH_ISSUER_TTL"] = "5m";
  const auto run = company.mint({"-v"}, company.token({"Sales"}));
  CHECK(run.status == 1);
  CHECK(has(run.err, "config: `MCPAUTH_ISSUER_TTL` sets issuer.ttl\n"));
  CHECK(has(run.err, "\nroles: none is held\naudit: recorded in `"));
  CHECK_FALSE(has(run.err, "\nkey: "));
}

TEST_CASE("cli/mint: a scope beyond the policy is 1, with the grant that is missing") {
  Company company;
  const auto run = company.mint({"--scope", "db:write:salary"}, company.token());
  CHECK(run.status == 1);
  CHECK(run.out.empty());
  CHECK(has(run.err, "error[scope-not-held]: `alice` may not have scope `db:write:salary`"));
  CHECK(has(run.err, "a grant of role `writer` to `company:HR` in org `acme` would allow it"));
}

TEST_CASE("cli/mint: --for-tool asks for the least, and is denied where the tool is") {
  Company company;
  const auto run = company.mint({"--for-tool", "hr/get_employee"}, company.token());
  REQUIRE_MESSAGE(run.status == 0, run.err);
  CHECK(text_of_claim(claims_of(run.out), "scope") == "db:read:employee");
  company.publish();
  CHECK(company.mint({"--for-tool", "hr/set_salary"}, company.token()).status == 1);
}

TEST_CASE("cli/mint: a wrong lifetime is 2 and names the cap, never clamped") {
  Company company;
  for (const auto* ttl : {"4m59s", "11m", "1h", "0s"}) {
    CAPTURE(ttl);
    company.publish();
    const auto run = company.mint({"--ttl", ttl}, company.token());
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(has(run.err, "error[ttl-out-of-range]"));
  }
  const auto over = mcpauth(by_hand(company.key_file(), {"--ttl", "16m"}), company.world);
  CHECK(over.status == 2);
  CHECK(has(over.err, "15m"));
  CHECK(mcpauth(by_hand(company.key_file(), {"--ttl", "15m"}), company.world).status == 0);
}

TEST_CASE("cli/mint: a bad subject token is 1 with its reason, and nothing of it is printed") {
  const struct {
    json::Object more;
    std::string_view reason;
  } cases[] = {
      {{{"aud", "https://other"}}, "wrong-audience"},
      {{{"exp", kNowSeconds - 3600}}, "expired"},
      {{{"org_id", ""}}, "no-org"},
      {{{"sub", ""}}, "no-subject"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.reason);
    Company company;
    const auto run = company.mint({}, company.token({"HR"}, one.more));
    CHECK(run.status == 1);
    CHECK(run.out.empty());
    CHECK(has(run.err, one.reason));
  }
}

TEST_CASE("cli/mint: a signature of a key that the IdP does not have is 4, a wrong one 1") {
  Company company;
  Company stranger;
  company.publish();  // asked again for the kid it does not know
  CHECK(company.mint({}, stranger.token()).status == 4);
  Company other;
  std::string text = *read_file(other.token());
  text[text.size() - 10] = text[text.size() - 10] == 'A' ? 'B' : 'A';
  const auto run = other.mint({}, other.dir().write("bad.jwt", text).string());
  CHECK(run.status == 1);
  CHECK(has(run.err, "bad-signature"));
}

TEST_CASE("cli/mint: an IdP whose key set cannot be used is 3") {
  Company company;
  company.world.http.replies.back()->body = R"({"keys":[]})";
  const auto run = company.mint({}, company.token());
  CHECK(run.status == 3);
  CHECK(has(run.err, "no usable key"));
  CHECK(run.out.empty());
}

TEST_CASE("cli/mint: an IdP that is not to be reached is 3") {
  Company company;
  company.world.http.replies.clear();
  CHECK(company.mint({}, company.token()).status == 3);
}

TEST_CASE("cli/mint: --org is the organisation that it must be of") {
  Company company;
  CHECK(company.mint({"--org", "acme"}, company.token()).status == 0);
  company.publish();
  const auto run = company.mint({"--org", "globex"}, company.token());
  CHECK(run.status == 1);
  CHECK(has(run.err, "wrong-org"));
}

TEST_CASE("cli/mint: an encrypted key without a passphrase needs a person: 5") {
  Company company;
  const auto key = keys::generate(crypto::Algorithm::es256).value();
  const auto sealed =
      company.dir().write("sealed.pem", key.key.to_pem(Secret::copy_of("horse"))->reveal_text());
  CHECK(mcpauth(by_hand(sealed.string()), company.world).status == 5);
  company.world.variables["P"] = "horse";
  CHECK(mcpauth(by_hand(sealed.string(), {"--passphrase", "env:P"}), company.world).status == 0);
}

TEST_CASE("cli/mint: a missing key file is 3, a public key 2, a key that others can read 3") {
  Company company;
  CHECK(mcpauth(by_hand((company.dir() / "none.pem").string()), company.world).status == 3);
  const auto key = keys::generate(crypto::Algorithm::es256).value();
  const auto open = company.dir().write("pub.pem", key.key.public_key().to_pem());
  CHECK(mcpauth(by_hand(open.string()), company.world).status == 2);
  std::filesystem::permissions(company.key_file(), std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto run = mcpauth(by_hand(company.key_file()), company.world);
  CHECK(run.status == 3);
  CHECK(has(run.err, "others can read it"));
}

TEST_CASE("cli/mint: claims by hand, text and JSON, but none of ours") {
  Company company;
  const auto run = mcpauth(by_hand(company.key_file(), {"--claim", "team=pay=roll", "--claim-json",
                                                        R"(level={"a":[1,true]})"}),
                           company.world);
  REQUIRE_MESSAGE(run.status == 0, run.err);
  CHECK(text_of_claim(claims_of(run.out), "team") == "pay=roll");
  CHECK(text_of_claim(claims_of(run.out), "level") == R"({"a":[1,true]})");
  for (const auto* claim : {"exp=4000000000", "sub=root", "org_id=globex", "scope=*", "jti=1",
                            "client_id=x", "iat=0", "nbf=0", "aud=y", "iss=z", "nonsense", "=x"}) {
    CAPTURE(claim);
    CHECK(mcpauth(by_hand(company.key_file(), {"--claim", claim}), company.world).status == 2);
    CHECK(mcpauth(by_hand(company.key_file(), {"--claim-json", claim}), company.world).status == 2);
  }
}

TEST_CASE("cli/mint: what is missing or means nothing is 2 and said") {
  Company company;
  const auto refused = [&](std::vector<std::string> args, std::string_view says) {
    args.insert(args.begin(), "mint");
    const auto run = mcpauth(args, company.world);
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(has(run.err, says));
  };
  refused({}, "somebody to mint for");
  refused({"--subject", "a", "--audience", "x"}, "an organisation");
  refused({"--subject", "a", "--org", "o"}, "an audience");
  refused({"--subject-token", company.token()}, "an audience");
  refused({"--subject", "a", "--org", "o", "--audience", "x", "--scope", "db:*", "--key",
           company.key_file()},
          "not a concrete scope");
  refused({"--subject", "a", "--subject-token", company.token()}, "means nothing together");
  refused({"--from", "https://x", "--key", company.key_file()}, "means nothing together");
  refused({"--subject-token", "eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "--audience", "x"}, "command line");
}

TEST_CASE("cli/mint: each mint is on record before its token is printed, without any secret") {
  Company company(kAudit);
  const auto token = company.token();
  const auto run = company.mint({}, token);
  REQUIRE_MESSAGE(run.status == 0, run.err);
  const auto log = records(company.dir() / "audit.jsonl");
  REQUIRE(log.size() == 2);
  CHECK(text_of_claim(log[0], "phase") == "intent");
  CHECK(text_of_claim(log[0], "jti") == "idp-1");
  CHECK(text_of_claim(log[1], "phase") == "outcome");
  CHECK(text_of_claim(log[1], "jti") == text_of_claim(claims_of(run.out), "jti"));
  company.publish();
  CHECK(company.mint({"--scope", "db:write:salary"}, token).status == 1);
  const auto after = records(company.dir() / "audit.jsonl");
  REQUIRE(after.size() == 3);
  CHECK(text_of_claim(after[2], "decision") == "deny");
  CHECK(text_of_claim(after[2], "seq") == "2");
  CHECK_FALSE(has(*read_file(company.dir() / "audit.jsonl"), "eyJ"));
}

TEST_CASE("cli/mint: a token of another organisation or of nobody known leaves a record too") {
  Company company(kAudit);
  const auto token = company.token();
  CHECK(company.mint({"--org", "globex"}, token).status == 1);
  const auto forged = company.dir() / "forged";
  const std::string text = *read_file(token);
  std::ofstream(forged) << text.substr(0, text.rfind('.')) << "." << std::string(86, 'A');
  std::filesystem::permissions(forged, std::filesystem::perms::owner_read);
  company.publish();
  CHECK(company.mint({}, forged.string()).status == 1);
  const auto log = records(company.dir() / "audit.jsonl");
  REQUIRE(log.size() == 2);
  CHECK(text_of_claim(log[0], "reason") == "wrong-org");
  CHECK(text_of_claim(log[0], "sub") == "alice");
  CHECK(text_of_claim(log[1], "reason") == "bad-signature");
  CHECK(text_of_claim(log[1], "sub") == "null");
  CHECK(text_of_claim(log[1], "decision") == "deny");
}

TEST_CASE("cli/mint: where the audit record cannot be written nothing is minted") {
  Company company("[audit]\nfile = \"/dev/full\"\n");
  const auto run = company.mint({}, company.token());
  CHECK(run.status == 3);
  CHECK(run.out.empty());
  CHECK(has(run.err, "error[audit-unavailable]"));
}

TEST_CASE("cli/mint: no secret is in errors, remarks or the log, whatever fails") {
  // Each run plants new canaries; what comes back is searched for any of them.
  for (const std::vector<std::string>& more : {std::vector<std::string>{},
                                               {"--scope", "db:write:salary"},
                                               {"--ttl", "1h"},
                                               {"-v"},
                                               {"--for-tool", "no/such"},
                                               {"--org", "globex"},
                                               {"--var", "bad name"},
                                               {"--json"}}) {
    Company company(kAudit);
    const auto token = company.token();
    const std::string subject = *read_file(token);
    const std::string key = *read_file(company.key_file());
    const auto run = company.mint(more, token);
    std::string seen = run.err;
    if (const auto log = read_file(company.dir() / "audit.jsonl")) seen += *log;
    if (run.status != 0) seen += run.out;
    const auto key_line = key.substr(key.find('\n') + 1, 40);
    CHECK_FALSE(has(seen, key_line));
    for (const auto part : text::split(subject, '.'))
      CHECK_FALSE(has(seen, part));
    if (run.status == 0) {
      const auto signature = run.out.substr(run.out.rfind('.') + 1, 40);
      CHECK_FALSE(has(seen, signature));
    }
  }
}

TEST_CASE("cli/mint: in a GitLab job the hint names the audience that is accepted from GitLab") {
  Company company(
      "[[idp]]\nname = \"hub\"\npreset = \"github-actions\"\naudience = [\"for-github\"]\n"
      "org_id = \"acme\"\nowners = [\"acme\"]\n"
      "[[idp]]\nname = \"lab\"\npreset = \"gitlab\"\naudience = [\"for-gitlab\"]\n"
      "org_id = \"acme\"\nowners = [\"acme\"]\n");
  company.world.variables = {{"GITLAB_CI", "true"}};
  const auto run = mcpauth({"mint", "--audience", "https://hr"}, company.world);
  CHECK(run.status == 2);
  CHECK(has(run.err, "{ aud: \"for-gitlab\" }"));
}

TEST_CASE("cli/mint: in a GitHub pipeline its own identity is found, and the token masked first") {
  Company company;
  company.world.variables = {{"GITHUB_ACTIONS", "true"}};
  const auto without = mcpauth({"mint", "--audience", "https://hr"}, company.world);
  CHECK(without.status == 2);
  CHECK(has(without.err, "id-token"));

  company.world.variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://pipelines.example/token?x=1";
  company.world.variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "request-secret";
  const auto token = *read_file(company.token());
  company.world.http.replies.push_front(
      http::Response{.status = 200,
                     .headers = {{"content-type", "application/json"}},
                     .body = R"({"value":")" + token + "\"}"});
  const auto run = mcpauth(
      {"mint", "--audience", "https://hr", "--key", company.key_file(), "--format", "github"},
      company.world);
  REQUIRE_MESSAGE(run.status == 0, run.err);
  REQUIRE(run.out.starts_with("token="));
  const auto minted = run.out.substr(6, run.out.size() - 7);
  CHECK(run.err == "::add-mask::" + minted + "\n");
  CHECK_FALSE(has(run.err, "request-secret"));
}

TEST_CASE("cli/mint: --from has a token endpoint sign, and its refusal is 1") {
  Company company;
  company.world.http.replies.clear();
  company.world.http.replies.push_back(
      http::Response{.status = 200,
                     .headers = {{"content-type", "application/json"}},
                     .body = R"({"issuer":"https://auth.example.com",)"
                             R"("token_endpoint":"https://auth.example.com/token"})"});
  company.world.http.replies.push_back(http::Response{
      .status = 200,
      .headers = {{"content-type", "application/json"}},
      .body = R"({"access_token":"aaa.bbb.ccc","token_type":"Bearer","expires_in":600,)"
              R"("issued_token_type":"urn:ietf:params:oauth:token-type:access_token"})"});
  const std::vector<std::string> args = {
      "mint",       "--from",    "https://auth.example.com", "--subject-token", company.token(),
      "--audience", "https://hr"};
  const auto run = mcpauth(args, company.world);
  REQUIRE_MESSAGE(run.status == 0, run.err);
  CHECK(run.out == "aaa.bbb.ccc\n");

  company.world.http.replies.push_back(
      http::Response{.status = 200,
                     .headers = {{"content-type", "application/json"}},
                     .body = R"({"issuer":"https://auth.example.com",)"
                             R"("token_endpoint":"https://auth.example.com/token"})"});
  company.world.http.replies.push_back(
      http::Response{.status = 400,
                     .headers = {{"content-type", "application/json"}},
                     .body = R"({"error":"invalid_target","error_description":"no"})"});
  const auto refused = mcpauth(args, company.world);
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "invalid_target"));
}

}  // namespace mcpauth::test
