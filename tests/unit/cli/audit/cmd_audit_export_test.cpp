#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "unit/cli/audit/log_fixture.hpp"

namespace mcpauth::test {

TEST_CASE_FIXTURE(AuditLogFixture, "audit export: JSON Lines are the records, byte for byte") {
  const auto run = this->run({"export", "--format", "jsonl"});
  CHECK(run.status == 0);
  CHECK(run.out == text);
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit export: chosen fields of chosen records") {
  auto run = this->run(
      {"export", "--format", "jsonl", "--fields", "reason,seq", "--where", "decision=deny"});
  CHECK(run.out ==
        "{\"reason\":\"no-grant\",\"seq\":4}\n{\"reason\":\"no-grant\",\"seq\":5}\n"
        "{\"reason\":\"no-grant\",\"seq\":6}\n");
  run = this->run({"export", "--format", "csv", "--fields", "seq,org,scopes", "--until",
                   "2027-01-15T10:00:00Z"});
  CHECK(run.out == "seq,org_id,scopes\r\n0,acme,\r\n1,acme,hr:read hr:list\r\n");
}

TEST_CASE("audit export: no cell of a CSV is a formula") {
  AuditLogFixture log("=cmd|' /C calc'!A0");
  const auto run = log.run({"export", "--format", "csv", "--fields", "sub"});
  CHECK(has(run.out, "\r\n'=cmd|' /C calc'!A0\r\n"));
  CHECK(!has(run.out, "\n=cmd"));
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit export: an OCSF event for each outcome") {
  const auto run = this->run({"export", "--format", "ocsf"});
  CHECK(run.status == 0);
  CHECK(has(run.err, "3 intents are left out"));
  CHECK(std::ranges::count(run.out, '\n') == 5);
  const auto lines = std::string_view(run.out).substr(0, run.out.size() - 1);
  for (const auto line : text::split(lines, '\n')) {
    const auto event = json::parse(line);
    REQUIRE(event);
    REQUIRE(event->find("class_uid") != nullptr);
    CHECK(*event->find("type_uid")->integer() ==
          *event->find("class_uid")->integer() * 100 + *event->find("activity_id")->integer());
  }
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit export: never over the log, nor into it") {
  const std::string other = (dir / "other.jsonl").string();
  for (const auto& output :
       {file, file + ".jsonl", file + "-copy", (dir / "./audit.log").string()}) {
    CAPTURE(output);
    CHECK(run({"export", "--format", "jsonl", "-o", output}).status == 2);
  }
  std::ifstream log(file);
  CHECK(std::string((std::istreambuf_iterator<char>(log)), {}) == text);
  CHECK(!std::filesystem::exists(file + ".jsonl"));
  CHECK(run({"export", "--format", "jsonl", "-o", other}).status == 0);
  CHECK(run({"export", "--format", "csv", "-o", file + ".csv"}).status == 0);
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit export: what cannot be asked is a usage error") {
  CHECK(run({"export"}).status == 2);
  CHECK(run({"export", "--format", "xml"}).status == 2);
  CHECK(run({"export", "--format", "ocsf", "--fields", "seq"}).status == 2);
  CHECK(run({"export", "--format", "csv", "--fields", "seq,seq"}).status == 2);
  CHECK(run({"export", "--format", "csv", "--fields", "seq,nothing"}).status == 2);
}

}  // namespace mcpauth::test
