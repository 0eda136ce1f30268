#include "core/oauth/form.hpp"

#include <doctest/doctest.h>

namespace mcpauth::oauth {

TEST_CASE("oauth/form: fields are encoded and joined") {
  using namespace std::string_view_literals;
  const std::pair<std::string_view, std::string_view> fields[] = {
      {"a", "1"}, {"b c", "x&y=z+%\0\xc3\xbc"sv}, {"e", ""}, {"f", "-._*~/"}};
  CHECK(form_body(fields).reveal_text() == "a=1&b%20c=x%26y%3Dz%2B%25%00%C3%BC&e=&f=-._*%7E%2F");
  CHECK(form_body({}).empty());
}

TEST_CASE("oauth/form: basic authorization is form-encoded before base64") {
  CHECK(basic_authorization("gw", Secret::copy_of("gw-secret")).reveal_text() ==
        "Basic Z3c6Z3ctc2VjcmV0");
  CHECK(basic_authorization("a:b", Secret::copy_of("c d")).reveal_text() ==
        "Basic YSUzQWI6YyUyMGQ=");
  CHECK(basic_authorization("a", Secret::copy_of("bc")).reveal_text() == "Basic YTpiYw==");
}

}  // namespace mcpauth::oauth
