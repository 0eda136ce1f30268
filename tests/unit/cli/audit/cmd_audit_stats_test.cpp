#include <doctest/doctest.h>

#include "core/codec/json.hpp"
#include "unit/cli/audit/log_fixture.hpp"

namespace mcpauth::test {
namespace {

json::Value parsed(const Run& run) {
  CAPTURE(run.err);
  auto document = json::parse(run.out);
  REQUIRE(document);
  return *document;
}

std::string at(const json::Value& document, std::string_view pointer) {
  const auto* value = document.at_pointer(pointer);
  REQUIRE_MESSAGE(value != nullptr, pointer);
  return json::write(*value);
}

}  // namespace

TEST_CASE_FIXTURE(AuditLogFixture, "audit stats: figures for a program") {
  const auto run = this->run({"stats", "--json"});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  const auto answer = parsed(run);
  CHECK(at(answer, "/schema") == R"("mcpauth.audit.stats/1")");
  CHECK(at(answer, "/records") == "8");
  CHECK(at(answer, "/decisions") == R"({"allow":2,"deny":3,"error":0,"other":0})");
  CHECK(at(answer, "/intents") == "3");
  CHECK(at(answer, "/pending/count") == "1");
  CHECK(at(answer, "/pending/first/0/seq") == "7");
  CHECK(at(answer, "/by/0/field") == R"("tool")");
  CHECK(at(answer, "/by/0/values/0") ==
        R"({"value":"hr/get","count":5,"denied":3,"at_least":false})");
  CHECK(at(answer, "/denials/0/reason") == R"("no-grant")");
  CHECK(at(answer, "/denials/0/count") == "3");
  CHECK(at(answer, "/latency_us/max") == "1500");
  CHECK(at(answer, "/latency_us/p999") == "1500");
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit stats: only what was asked for is counted") {
  auto answer = parsed(run({"stats", "--json", "--since", "2027-01-15T12:00:00Z", "--until",
                            "2027-01-15T14:00:00Z", "--by", "sub", "--by", "scopes"}));
  CHECK(at(answer, "/decisions/deny") == "2");
  CHECK(at(answer, "/decisions/allow") == "0");
  CHECK(at(answer, "/by/1/field") == R"("scopes")");
  answer = parsed(run({"stats", "--json", "--where", "decision=allow", "--by", "scopes"}));
  CHECK(at(answer, "/decisions/deny") == "0");
  CHECK(at(answer, "/by/0/values/0/count") == "2");
  // The outcomes are not asked for, and settle their intents all the same.
  answer = parsed(run({"stats", "--json", "--where", "phase=intent"}));
  CHECK(at(answer, "/records") == "3");
  CHECK(at(answer, "/pending/count") == "1");
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit stats: the histogram has the width that was asked for") {
  const auto answer = parsed(run({"stats", "--json", "--histogram", "2h"}));
  CHECK(at(answer, "/histogram/bucket_seconds") == "7200");
  CHECK(at(answer, "/histogram/buckets/0") ==
        R"({"start":"2027-01-15T08:00:00Z","allow":1,"deny":0,"error":0,"other":0})");
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit stats: bars of the locale's characters, denials red") {
  auto plain = run({"stats"});
  CHECK(has(plain.out, "Decisions: 5"));
  CHECK(has(plain.out, "deny  3   60.0 %  ###################\n"));
  CHECK(has(plain.out, "Pending intents: 1"));
  CHECK(!has(plain.out, "\033["));
  CHECK(!has(plain.out, "█"));
  world.variables["LANG"] = "C.UTF-8";
  const auto colored = run({"stats", "--color", "always"});
  CHECK(has(colored.out, "deny  3   60.0 %  \033[31m███████████████████▎\033[0m"));
}

TEST_CASE("audit stats: nothing of a record controls the terminal") {
  AuditLogFixture log("\033[31mevil\xE2\x80\xAE\n");
  const auto run = log.run({"stats", "--by", "sub"});
  CHECK(!has(run.out, "\033["));
  CHECK(!has(run.out, "\xE2\x80\xAE"));
  CHECK(has(run.out, "\\x1b[31mevil\\u{202e}\\x0a"));
}

TEST_CASE_FIXTURE(AuditLogFixture,
                  "audit stats: lines that are not records are reported and left out") {
  file = dir.write("audit.log", text + "not a record\n{\"seq\":99,").string();
  const auto run = this->run({"stats", "--json"});
  CHECK(run.status == 0);
  CHECK(has(run.err, "2 lines are not records"));
  CHECK(at(parsed(run), "/unreadable") == "2");
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit stats: what cannot be asked is a usage error") {
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"--by", "tol"},
        {"--histogram", "0s"},
        {"--histogram", "5"},
        {"--top", "0"},
        {"--since", "yesterdayish"},
        {"--where", "decision="},
        {"--since", "2027-02-01", "--until", "2027-01-01"}}) {
    CAPTURE(wrong.back());
    std::vector<std::string> args = {"stats"};
    args.insert(args.end(), wrong.begin(), wrong.end());
    CHECK(run(args).status == 2);
  }
  CHECK(mcpauth({"audit", "stats"}).status == 2);
  CHECK(mcpauth({"audit", "stats", (dir / "missing.log").string()}).status == 3);
}

}  // namespace mcpauth::test
