#include "core/issuer/mint.hpp"

#include "core/base/reason.hpp"
#include "support/audit_log.hpp"
#include "support/fakes.hpp"
#include "support/temp_dir.hpp"
#include "unit/core/issuer/support.hpp"

namespace mcpauth::issuer {

TEST_CASE("issuer/mint: intent and outcome are on record, and neither holds the token") {
  const test::TempDir dir;
  auto log = test::open_log(dir / "audit.jsonl");
  REQUIRE(log);
  const auto key = token::make_key();
  const test::FakeClock clock;
  test::CountingRandom random;
  const MintContext context{
      .clock = clock, .random = random, .audit_log = &*log, .request_id = "req-1"};
  const auto order = ask(member_of({"okta:HR"}), {.audience = {}, .tool = "hr/get_employee"});
  REQUIRE(order);
  const auto minted = mint(*order, key, context);
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

TEST_CASE("issuer/mint: where the record cannot be written nothing is minted") {
  const test::TempDir dir;
  auto log = test::open_log(dir / "audit.jsonl");
  REQUIRE(log);
  dir.write("audit.jsonl", "this is not a log\n");
  const auto key = token::make_key();
  const test::FakeClock clock;
  test::CountingRandom random;
  const auto order = ask(member_of({"okta:HR"}), {});
  const auto minted = mint(*order, key, {.clock = clock, .random = random, .audit_log = &*log});
  REQUIRE_FALSE(minted);
  CHECK(minted.error().reason == reason::kAuditUnavailable);
}

TEST_CASE("issuer/mint: a refusal is on record with its reason") {
  const test::TempDir dir;
  auto log = test::open_log(dir / "audit.jsonl");
  REQUIRE(log);
  const test::FakeClock clock;
  test::CountingRandom random;
  const auto who = member_of({"okta:HR"});
  const Wanted wanted{.audience = "a", .scopes = {"db:write:salary"}};
  const auto denied = ask(who, wanted);
  REQUIRE_FALSE(denied);
  REQUIRE(record_refusal({.principal = who.principal,
                          .wanted = wanted,
                          .policy = "p",
                          .reason = denied.error().reason},
                         {.clock = clock, .random = random, .audit_log = &*log}));
  const auto lines = records(dir / "audit.jsonl");
  REQUIRE(lines.size() == 1);
  CHECK(text_at(lines[0], "phase") == "outcome");
  CHECK(text_at(lines[0], "decision") == "deny");
  CHECK(text_at(lines[0], "reason") == "scope-not-held");
  CHECK(text_at(lines[0], "scopes") == R"(["db:write:salary"])");
}

}  // namespace mcpauth::issuer
