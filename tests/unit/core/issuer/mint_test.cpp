#include "core/issuer/mint.hpp"

#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "core/codec/text.hpp"
#include "support.hpp"
#include "support/audit_log.hpp"
#include "support/fakes.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::token {
namespace {

using std::chrono::minutes;

const Issuer kIssuer{.url = "https://auth.example.com", .ttl = minutes(10)};

identity::Identified member_of(std::vector<std::string> groups, std::string org = "acme") {
  return {.principal = {.idp = "okta",
                        .subject = "alice",
                        .org = std::move(org),
                        .groups = std::move(groups),
                        .client_id = {}},
          .claims = {},
          .expires = kNow + std::chrono::hours(1),
          .jti = "idp-jti"};
}

Result<Order> ask(const identity::Identified& who, Wanted wanted) {
  wanted.audience = "https://hr.internal";
  return decide(who, engine_of(kPolicy), wanted, kIssuer, kNow);
}

std::vector<json::Value> records(const std::filesystem::path& file) {
  std::vector<json::Value> all;
  const auto text = read_file(file);
  REQUIRE(text);
  for (const auto line : text::split(*text, '\n')) {
    if (!line.empty()) all.push_back(*json::parse(line));
  }
  return all;
}

std::string text_at(const json::Value& record, std::string_view name) {
  const auto* value = record.find(name);
  REQUIRE(value != nullptr);
  return value->string() == nullptr ? json::write(*value) : *value->string();
}

}  // namespace

TEST_CASE("token/mint: without scopes asked for, all that the policy gives") {
  const auto order = ask(member_of({"okta:HR"}), {});
  REQUIRE(order);
  CHECK(order->claims.scopes == std::vector<std::string>{"db:read:employee"});
  CHECK(order->claims.roles == std::vector<std::string>{"reader"});
  CHECK(order->claims.org == "acme");
  CHECK(order->claims.client_id == "mcpauth");
  CHECK(order->ttl == minutes(10));
}

TEST_CASE("token/mint: --for-tool gives the least that the tool needs") {
  const auto admin = member_of({"okta:HR-admins"});
  CHECK(ask(admin, {.audience = {}, .tool = "hr/get_employee"})->claims.scopes ==
        std::vector<std::string>{"db:read:employee"});
  CHECK(ask(admin, {.audience = {}, .tool = "hr/set_salary"})->claims.scopes ==
        std::vector<std::string>{"db:read:employee", "db:write:salary"});
  CHECK(ask(admin, {.audience = {}, .tool = "hr/ping"})->claims.scopes.empty());
}

TEST_CASE("token/mint: a scope beyond the policy is denied, and the edge that is missing named") {
  const auto denied = ask(member_of({"okta:HR"}),
                          {.audience = {}, .scopes = {"db:read:employee", "db:write:salary"}});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Errc::denied);
  CHECK(denied.error().reason == reason::kScopeNotHeld);
  CHECK(denied.error().message == "`alice` may not have scope `db:write:salary`");
  CHECK(denied.error().why == "the roles held are `reader`");
  CHECK(denied.error().hint ==
        "a grant of role `writer` to `okta:HR` in org `acme` would allow it (rbac.toml)");
}

TEST_CASE("token/mint: a deny is named with its line") {
  const auto denied =
      ask(member_of({"okta:HR-admins"}), {.audience = {}, .scopes = {"db:write:payroll"}});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().reason == reason::kScopeDenied);
  CHECK(denied.error().why == "role `writer` denies `db:write:payroll` at rbac.toml:15");
}

TEST_CASE("token/mint: who holds no role gets nothing, not an empty token") {
  for (const auto& who :
       {member_of({}), member_of({"okta:Sales"}), member_of({"okta:HR"}, "globex"),
        member_of({"okta:hr"}), member_of({"HR"})}) {
    const auto denied = ask(who, {});
    REQUIRE_FALSE(denied);
    CHECK(denied.error().code == Errc::denied);
    CHECK(denied.error().reason == reason::kNoGrant);
    CHECK(denied.error().hint.starts_with("add a [[grant]] of a role to "));
  }
}

TEST_CASE("token/mint: a grant that has expired is named, not asked for once more") {
  const auto engine = engine_of(
      "version = 1\n[roles.reader]\nscopes = [\"db:read\"]\n"
      "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:HR\"]\norg = \"acme\"\n"
      "expires = 2020-01-01\n");
  for (const std::vector<std::string>& scopes : {std::vector<std::string>{}, {"db:read"}}) {
    const auto denied = decide(member_of({"okta:HR"}), engine,
                               {.audience = "https://hr", .scopes = scopes}, kIssuer, kNow);
    REQUIRE_FALSE(denied);
    CHECK(denied.error().hint == "the grant at rbac.toml:4 has expired: give it a later `expires`");
  }
}

TEST_CASE("token/mint: a tool that no entry matches is denied") {
  const auto denied = ask(member_of({"okta:HR"}), {.audience = {}, .tool = "hr/drop_table"});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().reason == reason::kUnknownTool);
}

TEST_CASE("token/mint: a role's ttl caps the lifetime and is named with its place") {
  const auto admin = member_of({"okta:HR-admins"});
  CHECK(ask(admin, {})->ttl == minutes(5));
  const auto over = ask(admin, {.audience = {}, .ttl = minutes(10)});
  REQUIRE_FALSE(over);
  CHECK(over.error().reason == reason::kTtlOutOfRange);
  CHECK(over.error().message ==
        "a lifetime of 10m is over the cap of 5m, set by role `writer` (rbac.toml:12)");
}

TEST_CASE("token/mint: an IdP token that soon expires bounds the lifetime, down to 5 minutes") {
  auto who = member_of({"okta:HR"});
  who.expires = kNow + minutes(7);
  CHECK(ask(who, {})->ttl == minutes(7));
  const auto over = ask(who, {.audience = {}, .ttl = minutes(8)});
  REQUIRE_FALSE(over);
  CHECK(over.error().message.find("the expiry of the IdP token") != std::string::npos);
  who.expires = kNow + minutes(1);
  CHECK(ask(who, {})->ttl == minutes(5));
}

TEST_CASE("token/mint: intent and outcome are on record, and neither holds the token") {
  const test::TempDir dir;
  auto log = test::open_log(dir / "audit.jsonl");
  REQUIRE(log);
  const auto key = make_key();
  const test::FakeClock clock;
  test::CountingRandom random;
  const Ledger ledger{.log = &*log, .request_id = "req-1", .policy = "p"};
  const auto order = ask(member_of({"okta:HR"}), {.audience = {}, .tool = "hr/get_employee"});
  REQUIRE(order);
  const auto minted = mint(*order, key, ledger, clock, random);
  REQUIRE(minted);

  const auto lines = records(dir / "audit.jsonl");
  REQUIRE(lines.size() == 2);
  CHECK(text_at(lines[0], "phase") == "intent");
  CHECK(text_at(lines[0], "jti") == "idp-jti");
  CHECK(text_at(lines[1], "phase") == "outcome");
  CHECK(text_at(lines[1], "jti") == minted->jti);
  CHECK(text_at(lines[0], "id") == text_at(lines[1], "id"));
  for (const auto& line : lines) {
    CHECK(text_at(line, "event") == "mint");
    CHECK(text_at(line, "sub") == "alice");
    CHECK(text_at(line, "org_id") == "acme");
    CHECK(text_at(line, "server") == "hr");
    CHECK(text_at(line, "tool") == "hr/get_employee");
    CHECK(text_at(line, "scopes") == R"(["db:read:employee"])");
    CHECK(text_at(line, "decision") == "allow");
    CHECK(text_at(line, "request_id") == "req-1");
  }
  CHECK(read_file(dir / "audit.jsonl")->find("eyJ") == std::string::npos);
}

TEST_CASE("token/mint: where the record cannot be written nothing is minted") {
  const test::TempDir dir;
  auto log = test::open_log(dir / "audit.jsonl");
  REQUIRE(log);
  dir.write("audit.jsonl", "this is not a log\n");
  const auto key = make_key();
  const test::FakeClock clock;
  test::CountingRandom random;
  const auto order = ask(member_of({"okta:HR"}), {});
  const auto minted = mint(*order, key, {.log = &*log}, clock, random);
  REQUIRE_FALSE(minted);
  CHECK(minted.error().reason == reason::kAuditUnavailable);
}

TEST_CASE("token/mint: a refusal is on record with its reason") {
  const test::TempDir dir;
  auto log = test::open_log(dir / "audit.jsonl");
  REQUIRE(log);
  const test::FakeClock clock;
  test::CountingRandom random;
  const auto who = member_of({"okta:HR"});
  const Wanted wanted{.audience = "a", .scopes = {"db:write:salary"}};
  const auto denied = ask(who, wanted);
  REQUIRE_FALSE(denied);
  REQUIRE(record_refusal(who.principal, wanted, denied.error(), {.log = &*log}, clock, random));
  const auto lines = records(dir / "audit.jsonl");
  REQUIRE(lines.size() == 1);
  CHECK(text_at(lines[0], "phase") == "outcome");
  CHECK(text_at(lines[0], "decision") == "deny");
  CHECK(text_at(lines[0], "reason") == "scope-not-held");
  CHECK(text_at(lines[0], "scopes") == R"(["db:write:salary"])");
}

}  // namespace mcpauth::token
