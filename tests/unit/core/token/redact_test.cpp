#include "core/token/redact.hpp"

#include <doctest/doctest.h>

namespace mcpauth::token {

TEST_CASE("token/redact: only protocol claims keep their values") {
  const auto claims =
      json::parse(R"({"iss":"https://i","sub":"alice","exp":1,"email":"a@b","groups":["x","y"],)"
                  R"("address":{"street":"z"},"age":42,"scope":"a:b"})");
  REQUIRE(claims);
  const auto safe = redact(*claims->object());
  CHECK(json::write(safe.members) ==
        R"({"iss":"https://i","sub":"[redacted text]","exp":1,"email":"[redacted text]",)"
        R"("groups":"[redacted list of 2]","address":"[redacted object]","age":"[redacted]",)"
        R"("scope":"a:b"})");
  CHECK(safe.removed == std::vector<std::string>{"sub", "email", "groups", "address", "age"});
}

TEST_CASE("token/redact: a claim that nobody has heard of is taken out") {
  const auto safe = redact(json::Object{{"x-internal-note", "do not show"}});
  CHECK(json::write(safe.members).find("do not show") == std::string::npos);
}

TEST_CASE(
    "token/redact: a header keeps what says how to read it, and a key id without an address") {
  const auto header = json::parse(
      R"({"alg":"ES256","kid":"k","typ":"at+jwt","x5c":["MII"],"jku":"https://alice.example"})");
  REQUIRE(header);
  const auto safe = redact_header(*header->object());
  CHECK(json::write(safe.members) ==
        R"({"alg":"ES256","kid":"k","typ":"at+jwt","x5c":"[redacted list of 1]",)"
        R"("jku":"[redacted text]"})");
  CHECK(safe.removed == std::vector<std::string>{"header/x5c", "header/jku"});
  const auto address = redact_header(json::Object{{"kid", "alice@acme.example"}});
  CHECK(json::write(address.members) == R"({"kid":"[redacted text]"})");
}

}  // namespace mcpauth::token
