#include "core/audit/query/filter.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/record.hpp"

namespace mcpauth::audit::query {
namespace {

constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};  // 2027-01-15T08:00:00Z

audit::Record call() {
  return {.id = "i",
          .request_id = "r",
          .event = "call",
          .org_id = "acme",
          .sub = "alice",
          .server = "hr",
          .tool = "hr/get_salary",
          .scopes = {"hr:read", "hr:list"},
          .decision = "deny",
          .reason = "no-grant",
          .status = 403,
          .latency = std::chrono::microseconds(1500)};
}

bool matches_line(std::string_view expression, std::string_view line) {
  const auto filter = Filter::parse(expression, kNow);
  REQUIRE_MESSAGE(filter, expression << ": " << (filter ? "" : filter.error().message));
  const auto view = audit::LineView::of(line);
  REQUIRE(view);
  const bool matches = filter->matches(*view);
  CHECK((!matches || filter->could_match(line)));
  return matches;
}

bool matches(std::string_view expression, const audit::Record& record = call()) {
  return matches_line(expression, audit::to_line(record, 17, kNow));
}

Error error_of(std::string_view expression) {
  const auto filter = Filter::parse(expression, kNow);
  REQUIRE_MESSAGE(!filter, expression);
  CHECK(filter.error().code == Errc::usage);
  CHECK(filter.error().problems.size() == 1);
  return filter.error();
}

}  // namespace

TEST_CASE("audit/query/filter: what matches") {
  for (const std::string_view expression : {"decision=deny",
                                            "decision==deny",
                                            "decision = \"deny\"",
                                            "decision!=allow",
                                            "decision=deny and tool~\"hr/*\" and latency>1ms",
                                            "tool~hr/get_*",
                                            "tool~*salar?",
                                            "tool~*",
                                            "tool!~\"fs/*\"",
                                            "status=403",
                                            "status!=200",
                                            "status>=400 and status<500",
                                            "status=4xx",
                                            "status<5xx",
                                            "status>3xx",
                                            "status<=4xx",
                                            "seq=17",
                                            "seq>16",
                                            "seq<=17",
                                            "latency=1500us",
                                            "latency=1.5ms",
                                            "latency>=0.0015s",
                                            "latency<1m",
                                            "latency_us=1500",
                                            "latency_us<2ms",
                                            "latency",
                                            "not jti",
                                            "!jti",
                                            "scopes",
                                            "scope=hr:read",
                                            "scopes=hr:list",
                                            "scope~hr:*",
                                            "ts=2027-01-15T08:00:00Z",
                                            "ts>2027-01-15",
                                            "ts>-2h and ts<=now",
                                            "ts<+1s",
                                            "ts~2027-01-15T*",
                                            "client_id!=web",
                                            "client_id!~w*",
                                            "jti!=\"\"",
                                            "phase=outcome",
                                            "(decision=deny)",
                                            "!(decision=allow)",
                                            "not not decision=deny",
                                            "! decision=allow&&status=403||seq=1",
                                            "status=1 or decision=deny and seq=17",
                                            "decision=deny or status=1 and seq=1"}) {
    CAPTURE(expression);
    CHECK(matches(expression));
  }
}

TEST_CASE("audit/query/filter: what does not match") {
  for (const std::string_view expression : {"decision=allow",
                                            "decision!=deny",
                                            "tool~hr",
                                            "tool~get_salary",
                                            "tool!~hr/*",
                                            "tool=\"hr/*\"",
                                            "sub=Alice",
                                            "sub=alic",
                                            "status=5xx",
                                            "status!=4xx",
                                            "status<4xx",
                                            "status>4xx",
                                            "seq<17",
                                            "seq>17",
                                            "latency>1500us",
                                            "jti",
                                            "not scopes",
                                            "scope=hr:write",
                                            "scope!=hr:read",
                                            "scope!~hr:*",
                                            "ts<2027-01-15",
                                            "ts>now",
                                            "ts!=now",
                                            "client_id=web",
                                            "client_id~*",
                                            "jti=\"\"",
                                            "phase=intent",
                                            "(decision=deny or status=1) and seq=1",
                                            "not decision=deny or status=1"}) {
    CAPTURE(expression);
    CHECK_FALSE(matches(expression));
  }
}

TEST_CASE("audit/query/filter: what is absent is not anything, and neither more nor less") {
  const audit::Record empty{.id = "i", .request_id = {}, .event = "mint"};
  for (const auto* expression : {"status!=200", "latency!=5ms", "tool!=x", "tool!~*", "scope!=a"}) {
    CAPTURE(expression);
    CHECK(matches(expression, empty));
  }
  for (const auto* expression : {"status=200", "status<600", "status>=0", "latency<5ms", "tool=x",
                                 "tool=\"\"", "tool~*", "scope~*", "scopes", "status"}) {
    CAPTURE(expression);
    CHECK_FALSE(matches(expression, empty));
  }
}

TEST_CASE("audit/query/filter: values are compared as they are, however JSON spells them") {
  audit::Record odd = call();
  odd.sub = "a\"b\\c\nd";
  odd.scopes = {"x\"y", "hr:read"};
  CHECK(matches("sub=\"a\\\"b\\\\c\nd\"", odd));
  CHECK(matches("scope=\"x\\\"y\"", odd));
  CHECK(matches("scope=hr:read", odd));
  CHECK_FALSE(matches("scope=y", odd));

  std::string line = audit::to_line(call(), 17, kNow);
  line.replace(line.find("deny"), 4, "d\\u0065ny");
  CHECK(matches_line("decision=deny", line));
  CHECK(matches_line("decision=deny and scope=hr:list", line));
}

TEST_CASE("audit/query/filter: a line that cannot match goes by unparsed") {
  const std::string line = audit::to_line(call(), 17, kNow);
  for (const std::string_view expression :
       {"decision=allow", "tool~fs/*", "seq=3", "scope=hr:write", "status=200 and decision=deny",
        "decision=deny and (sub=bob and status)"}) {
    CAPTURE(expression);
    const auto filter = Filter::parse(expression, kNow);
    REQUIRE(filter);
    CHECK_FALSE(filter->could_match(line));
  }
}

TEST_CASE("audit/query/filter: a refusal says where and what to write") {
  struct Case {
    std::string_view expression;
    unsigned column;
    std::string_view message, hint;
  };
  for (const auto& [expression, column, message, hint] : std::vector<Case>{
           {"decision=deny and tol=x", 19, "no record has a field `tol`", "did you mean `tool`?"},
           {"orgid=acme", 1, "no record has a field `orgid`", "did you mean `org_id`?"},
           {"sub=null", 5, "`null` would be compared as a text",
            "write `not sub` for records without it"},
           {"xyzzy=1", 1, "no record has a field", "the fields are seq, ts"},
           {"  ", 3, "the filter is empty", ""},
           {"decision=denied", 10, "no record has the decision `denied`",
            "it is allow, deny or error"},
           {"decision=dney", 10, "no record has the decision `dney`", "did you mean `deny`?"},
           {"phase!=x", 8, "no record has the phase `x`", "it is intent or outcome"},
           {"decision=deny AND seq=1", 15, "`and` or `or` is missing", "write `and` in small"},
           {"NOT decision=deny", 1, "no record has a field `NOT`", "write `not` in small letters"},
           {"decision=deny seq=1", 15, "`and` or `or` is missing", "write `and` or `or`"},
           {"decision=deny,allow", 14, "`,` has no meaning", "double quotes"},
           {"sub='bob'", 5, "`'` has no meaning", "double quotes"},
           {"decision=deny & seq=1", 15, "`&` has no meaning", "write `and` or `&&`"},
           {"decision=deny | seq=1", 15, "`|` has no meaning", "write `or` or `||`"},
           {"sub=\"bob", 5, "the quote is not closed", ""},
           {"sub=\"b\\n\"", 7, "a `\\` may only come before", ""},
           {"\"sub\"=bob", 1, "a field is missing", "no quotes"},
           {"=bob", 1, "a field is missing", "decision=deny"},
           {"sub=", 5, "a value is missing", "what `sub` is compared with"},
           {"sub= and seq=1", 6, "a value is missing", "a value `and` needs quotes"},
           {"tool=~hr", 5, "`=~` is not a comparison", "`~` is for patterns"},
           {"tool=hr/*", 6, "`=` does not match patterns", "write `~`"},
           {"tool!=hr/*", 7, "`!=` does not match patterns", "write `!~`"},
           {"tool>x", 5, "`tool` has no order", "compares ts, latency, status and seq"},
           {"status~4*", 7, "`status` is a number", "compare it with"},
           {"status=4x", 8, "`4x` is not a whole number", "4xx"},
           {"seq=-1", 5, "`-1` is not a whole number", ""},
           {"seq=9999999999999999999", 5, "is not a whole number", ""},
           {"latency>50", 9, "`50` has no unit", "write 50ms, 50us or 50s"},
           {"latency>50m5", 9, "`50m5` is not a duration", "50ms"},
           {"latency>0.5us", 9, "`0.5us` is not a duration", ""},
           {"latency>9999999999999999s", 9, "is not a duration", ""},
           {"ts>yesterday", 4, "`yesterday` is not a time", "-2h"},
           {"(seq=1", 1, "`(` is not closed", ""},
           {"seq=1)", 6, "`)` closes nothing", ""},
           {"(seq=1 seq=2)", 8, "`and` or `or` is missing", ""},
           {"seq=1=2", 6, "`and` or `or` is missing", "one comparison"},
           {"sub=\"é\" and x", 13, "no record has a field `x`", ""}}) {
    CAPTURE(expression);
    const auto error = error_of(expression);
    CAPTURE(error.message);
    CAPTURE(error.hint);
    CHECK(error.message.find(message) != std::string::npos);
    CHECK(error.message.ends_with(" at column " + std::to_string(column)));
    CHECK(error.hint.find(hint) != std::string::npos);
    CHECK(error.problems.front().column == column);
    CHECK(error.why == "the filter is " + std::string(expression));
  }
}

TEST_CASE("audit/query/filter: a stranger's expression is bounded") {
  const auto nested = [](unsigned depth, std::string_view open, std::string_view close) {
    std::string out;
    for (unsigned i = 0; i < depth; ++i)
      out += open;
    out += "seq=17";
    for (unsigned i = 0; i < depth; ++i)
      out += close;
    return out;
  };
  CHECK(matches(nested(64, "(", ")")));
  CHECK(matches(nested(64, "not ", "")));
  CHECK(error_of(nested(65, "(", ")")).message.find("deeper than 64") != std::string::npos);
  CHECK(error_of(nested(65, "!", "")).message.find("deeper than 64") != std::string::npos);
  CHECK(error_of(std::string(4097, ' ')).message.find("at most 4096 bytes") != std::string::npos);
  CHECK(error_of("sub=\"\xff\"").message == "the filter is not UTF-8");
  std::string wide = "seq=1";
  while (wide.size() < 4000)
    wide += " or seq=1";
  CHECK_FALSE(matches(wide));
}

}  // namespace mcpauth::audit::query
