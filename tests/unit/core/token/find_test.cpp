#include "core/token/find.hpp"

#include "support.hpp"

namespace mcpauth::token {
namespace {

const std::string kToken =
    unsigned_token(R"({"alg":"ES256","kid":"k"})",
                   R"({"iss":"https://issuer.example","sub":"alice","scope":"db:read:employee"})");
const std::string kOther = unsigned_token(R"({"alg":"ES256"})", R"({"sub":"bob"})");

std::string wrapped(const std::string& token, std::size_t width, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); i += width) {
    if (i > 0) text += between;
    text += token.substr(i, width);
  }
  return text;
}

}  // namespace

TEST_CASE("token/find: the token is found in whatever was pasted, and where is said") {
  const struct {
    std::string text;
    std::string where;
  } cases[] = {
      {kToken, ""},
      {"  " + kToken + "\r\n", ""},
      {"\"" + kToken + "\"", ""},
      {"Authorization: Bearer " + kToken, "a Bearer header"},
      {"authorization: bearer " + kToken + "\n", "a Bearer header"},
      {"curl -H 'Authorization: Bearer " + kToken + "' https://hr.example/mcp", "a Bearer header"},
      {"curl -H \"Authorization: DPoP " + kToken + "\" x", "a DPoP header"},
      {R"({"access_token":")" + kToken + R"(","token_type":"Bearer"})",
       "the JSON member `access_token`"},
      {"{\n  \"id_token\" : \"" + kToken + "\"\n}", "the JSON member `id_token`"},
      {"Cookie: theme=dark; session=" + kToken + "; x=1", "the cookie `session`"},
      {"https://app.example/cb?state=1&id_token=" + kToken + "&x=y",
       "the URL parameter `id_token`"},
      {"https://app.example/cb#access_token=" + kToken, "the URL parameter `access_token`"},
      {"TOKEN=" + kToken, "the value of `TOKEN`"},
      {"export TOKEN='" + kToken + "'", "the value of `TOKEN`"},
      {"X-Forwarded-Access-Token: " + kToken, "the header `X-Forwarded-Access-Token`"},
      {"2027-01-15 08:00:00 WARN rejected token " + kToken + ".", "the text"},
      {"(" + kToken + ")", "the text"},
      {"key.eyJ9." + kToken, "the text"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.text);
    const auto found = find(one.text);
    REQUIRE(found);
    CHECK(found->token == kToken);
    CHECK(found->where == one.where);
    CHECK(found->others == 0);
    CHECK_FALSE(found->unwrapped);
  }
}

TEST_CASE("token/find: a token that is wrapped over lines is put together") {
  for (const std::string between : {"\n", "\r\n", "\n    ", " \\\n", "\n> "}) {
    for (const std::size_t width : {20u, 64u, 76u}) {
      CAPTURE(between);
      CAPTURE(width);
      for (const std::string& text : {wrapped(kToken, width, between),
                                      "Bearer " + wrapped(kToken, width, between) + "\n\nbye"}) {
        const auto found = find(text);
        REQUIRE(found);
        CHECK(found->token == kToken);
        CHECK(found->unwrapped);
      }
    }
  }
}

TEST_CASE("token/find: the next line is not part of a token that is complete") {
  for (const std::string after : {"\nnext", "\r\nContent-Type",
                                  "\n"
                                  "AAAA"}) {
    const auto found = find("Bearer " + kToken + after);
    REQUIRE(found);
    CHECK(found->token == kToken);
    CHECK_FALSE(found->unwrapped);
  }
}

TEST_CASE("token/find: the first of several is taken and the rest counted") {
  const auto found = find(kToken + "\n" + kOther + "\n" + kOther);
  REQUIRE(found);
  CHECK(found->token == kToken);
  CHECK(found->others == 2);
}

TEST_CASE("token/find: an unsigned and an encrypted token are tokens too") {
  const std::string none = unsigned_token(R"({"alg":"none"})", R"({"sub":"a"})", "");
  CHECK(find("x " + none + " y")->token == none);
  const std::string jwe =
      base64url::encode(bytes_of(R"({"alg":"dir","enc":"A256GCM"})")) + "..aXY.Y3Q.dGFn";
  CHECK(find("Bearer " + jwe)->token == jwe);
}

TEST_CASE("token/find: what only looks like one is not one") {
  for (const auto* text : {"", "hello", "a.b.c", "eyJ.eyJ.sig", "www.example.com", "1.2.3",
                           "eyJhbGciOiJFUzI1NiJ9", "eyJhbGciOiJFUzI1NiJ9.e30", "W10.e30.c2ln"}) {
    CAPTURE(text);
    CHECK_FALSE(find(text));
  }
}

TEST_CASE(
    "token/find: a token that is over the limit is not overlooked, and one that is not wins") {
  const std::string header = kToken.substr(0, kToken.find('.') + 1);
  const std::string large = header + std::string(70'000, 'A') + ".c2ln";
  for (const std::string& text : {large, "Bearer " + large, wrapped(large, 76, "\n")}) {
    const auto found = find(text);
    REQUIRE(found);
    CHECK(found->token.size() == 64 * 1024 + 1);
    CHECK(find(found->token)->token == found->token);
  }
  CHECK(find(large + " " + kToken)->token == kToken);
  CHECK_FALSE(find("eyJ" + std::string(70'000, 'A')));
}

TEST_CASE("token/find: a megabyte made to be slow is not") {
  std::string hostile;
  while (hostile.size() < (1 << 20))
    hostile += "eyJhbGciOi\n";
  CHECK_FALSE(find(hostile));
  CHECK_FALSE(find(std::string(1 << 20, 'e')));
  std::string dots;
  while (dots.size() < (1 << 18))
    dots += "ey.";
  CHECK_FALSE(find(dots));
}

}  // namespace mcpauth::token
