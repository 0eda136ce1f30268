#include "core/token/redact.hpp"

#include <doctest/doctest.h>

namespace mcpauth::token {

TEST_CASE("token/redact: only protocol claims keep their values") {
  const auto claims =
      json::parse(R"({"iss":"https://i","sub":"alice","exp":1,"email":"a@b","groups":["x","y"],)"
                  R"("address":{"street":"z"},"age":42,"scope":"a:b"})");
  REQUIRE(claims);
  const auto safe = redact(*claims->object());
  CHECK(json::write(safe.claims) ==
        R"({"iss":"https://i","sub":"[redacted text]","exp":1,"email":"[redacted text]",)"
        R"("groups":"[redacted list of 2]","address":"[redacted object]","age":"[redacted]",)"
        R"("scope":"a:b"})");
  CHECK(safe.removed == std::vector<std::string>{"sub", "email", "groups", "address", "age"});
}

TEST_CASE("token/redact: a claim that nobody has heard of is taken out") {
  const auto safe = redact(json::Object{{"x-internal-note", "do not show"}});
  CHECK(json::write(safe.claims).find("do not show") == std::string::npos);
}

}  // namespace mcpauth::token
