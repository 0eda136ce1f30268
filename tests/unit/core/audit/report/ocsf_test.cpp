#include "core/audit/report/ocsf.hpp"

#include <doctest/doctest.h>

#include "lines.hpp"

namespace mcpauth::audit::report {
namespace {

using test::as_line;

std::int64_t number_at(const json::Value& event, std::string_view pointer) {
  const auto* value = event.at_pointer(pointer);
  REQUIRE_MESSAGE(value != nullptr, pointer);
  REQUIRE_MESSAGE(value->integer().has_value(), pointer);
  return *value->integer();
}

std::string text_at(const json::Value& event, std::string_view pointer) {
  const auto* value = event.at_pointer(pointer);
  REQUIRE_MESSAGE(value != nullptr, pointer);
  REQUIRE_MESSAGE(value->string() != nullptr, pointer);
  return *value->string();
}

/// What OCSF 1.6.0 requires of every event, and of the objects in it.
void check_required(const json::Value& event) {
  for (const auto* name : {"/activity_id", "/category_uid", "/class_uid", "/severity_id", "/time",
                           "/type_uid", "/status_id"})
    number_at(event, name);
  CHECK(number_at(event, "/type_uid") ==
        number_at(event, "/class_uid") * 100 + number_at(event, "/activity_id"));
  CHECK(number_at(event, "/class_uid") / 1000 == number_at(event, "/category_uid"));
  CHECK(text_at(event, "/metadata/version") == "1.6.0");
  CHECK(text_at(event, "/metadata/product/name") == "mcpauth");
  CHECK(text_at(event, "/metadata/product/vendor_name") == "mcpauth");
  const auto* user = event.at_pointer("/actor/user");
  REQUIRE(user != nullptr);
  CHECK((user->find("uid") != nullptr || user->find("name") != nullptr));
}

json::Value event_of(const audit::Record& record) {
  json::Value event;
  as_line(record, [&](const audit::LineView& line) { event = ocsf_event(line, "0.1.0"); });
  check_required(event);
  return event;
}

}  // namespace

TEST_CASE("audit/report/ocsf: a mint is Authorize Session with the scopes as privileges") {
  auto record = test::allowed("alice", "hr/get");
  record.scopes = {"hr:read"};
  record.jti = "j1";
  record.idp = "okta";
  record.latency = std::chrono::microseconds(2500);
  const auto event = event_of(record);
  CHECK(number_at(event, "/class_uid") == 3003);
  CHECK(number_at(event, "/type_uid") == 300301);
  CHECK(number_at(event, "/status_id") == 1);
  CHECK(number_at(event, "/action_id") == 1);
  CHECK(number_at(event, "/time") == 1'800'000'000'000);
  CHECK(number_at(event, "/duration") == 2);
  CHECK(text_at(event, "/privileges/0") == "hr:read");
  CHECK(event.find("group") == nullptr);  // just one of the two
  CHECK(text_at(event, "/user/uid") == "alice");
  CHECK(text_at(event, "/session/uid") == "j1");
  CHECK(text_at(event, "/actor/idp/name") == "okta");
  CHECK(text_at(event, "/metadata/tenant_uid") == "acme");
}

TEST_CASE("audit/report/ocsf: a token that speaks for nobody is a failed Authentication") {
  const auto event = event_of(
      {.id = "i", .request_id = "r", .event = "mint", .decision = "deny", .reason = "expired"});
  CHECK(number_at(event, "/class_uid") == 3002);
  CHECK(number_at(event, "/status_id") == 2);
  CHECK(number_at(event, "/action_id") == 2);
  CHECK(text_at(event, "/status_code") == "expired");
  CHECK(text_at(event, "/service/name") == "mcpauth");  // it or dst_endpoint
  CHECK(text_at(event, "/user/name") == "unknown");
}

TEST_CASE("audit/report/ocsf: a call of a tool is API Activity") {
  auto record = test::denied("alice", "hr/get", "no-grant");
  record.event = "tools/call";
  record.server = "hr";
  record.status = 403;
  const auto event = event_of(record);
  CHECK(number_at(event, "/class_uid") == 6003);
  CHECK(number_at(event, "/activity_id") == 99);
  CHECK(text_at(event, "/activity_name") == "tools/call");
  CHECK(text_at(event, "/api/operation") == "hr/get");
  CHECK(text_at(event, "/api/service/name") == "hr");
  CHECK(number_at(event, "/api/response/code") == 403);
  CHECK(text_at(event, "/src_endpoint/svc_name") == "unknown");
}

TEST_CASE("audit/report/ocsf: what is done to a key is Entity Management") {
  const auto event = event_of(
      {.id = "i", .request_id = "r", .event = "keys.rotate", .sub = "ops", .decision = "error"});
  CHECK(number_at(event, "/type_uid") == 300403);
  CHECK(text_at(event, "/entity/name") == "keys");
  CHECK(number_at(event, "/status_id") == 2);
  CHECK(number_at(event, "/severity_id") == 3);
}

}  // namespace mcpauth::audit::report
