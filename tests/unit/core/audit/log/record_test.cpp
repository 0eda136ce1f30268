#include "core/audit/log/record.hpp"

#include <algorithm>
#include <type_traits>

#include <doctest/doctest.h>

#include "core/base/secret.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::audit {
namespace {

constexpr Instant kWhen{std::chrono::seconds(1'800'000'000)};

std::string member(std::string_view line, std::string_view name) {
  const auto parsed = json::parse(line);
  REQUIRE(parsed);
  const auto* value = parsed->find(name);
  REQUIRE(value != nullptr);
  return value->string() != nullptr ? *value->string() : json::write(*value);
}

}  // namespace

TEST_CASE("audit/record: the line has every key, in the documented order") {
  const Record record{.id = "i",
                      .request_id = "r",
                      .event = "mint",
                      .phase = Phase::intent,
                      .org_id = "acme",
                      .sub = "alice",
                      .idp = "okta",
                      .client_id = "cli",
                      .server = "hr",
                      .tool = "hr/get",
                      .scopes = {"a:b", "c:d"},
                      .decision = "allow",
                      .reason = "granted",
                      .policy = "p",
                      .jti = "j",
                      .status = 200,
                      .latency = std::chrono::microseconds(42)};
  CHECK(to_line(record, 7, kWhen) ==
        R"({"seq":7,"ts":"2027-01-15T08:00:00Z","id":"i","request_id":"r","event":"mint",)"
        R"("phase":"intent","org_id":"acme","sub":"alice","idp":"okta","client_id":"cli",)"
        R"("server":"hr","tool":"hr/get","scopes":["a:b","c:d"],"decision":"allow",)"
        R"("reason":"granted","policy":"p","jti":"j","status":200,"latency_us":42})");
}

TEST_CASE("audit/record: what is absent is null, never left out") {
  CHECK(to_line({.id = "i", .request_id = {}, .event = "mint"}, 0, kWhen) ==
        R"({"seq":0,"ts":"2027-01-15T08:00:00Z","id":"i","request_id":null,"event":"mint",)"
        R"("phase":"outcome","org_id":null,"sub":null,"idp":null,"client_id":null,)"
        R"("server":null,"tool":null,"scopes":[],"decision":null,"reason":null,"policy":null,)"
        R"("jti":null,"status":null,"latency_us":null})");
}

TEST_CASE("audit/record: a name that forges log lines stays inside its string") {
  for (const std::string_view name : {"a\n{\"seq\":9,\"decision\":\"allow\"}",
                                      "\",\"decision\":\"allow\",\"x\":\"", "\x1b[2Ka", "a\r\nb",
                                      "a\xe2\x80\xa8"
                                      "b",
                                      "\xe2\x80\xae"
                                      "gpj",
                                      "back\\slash"}) {
    CAPTURE(name);
    Record record{.id = "i", .request_id = {}, .event = "mint"};
    record.sub = name;
    record.decision = "deny";
    const std::string line = to_line(record, 0, kWhen);
    CHECK(std::ranges::none_of(line, [](unsigned char c) { return c < 0x20; }));
    CHECK(line.find("\xe2\x80\xa8") == std::string::npos);
    CHECK(member(line, "sub") == name);
    CHECK(member(line, "decision") == "deny");
  }
}

TEST_CASE("audit/record: a name that is not UTF-8 does not make the line unreadable") {
  Record record{.id = "i", .request_id = {}, .event = "mint"};
  record.sub =
      "al\xff"
      "ice";
  CHECK(member(to_line(record, 0, kWhen), "sub").find("\\xff") != std::string::npos);
}

TEST_CASE("audit/record: a secret cannot be put into a record") {
  CHECK_FALSE(std::is_constructible_v<std::string, Secret>);
  CHECK_FALSE(std::is_convertible_v<Secret, std::string_view>);
  CHECK_FALSE(std::is_assignable_v<decltype(Record::sub)&, Secret>);
}

}  // namespace mcpauth::audit
