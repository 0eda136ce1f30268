#include "core/codec/base64url.hpp"

#include <random>
#include <utility>

#include <doctest/doctest.h>

using namespace mcpauth;

TEST_CASE("codec/base64url: the vectors of RFC 4648 section 10, without padding") {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
  for (const auto& [bytes, text] : vectors) {
    CAPTURE(text);
    CHECK(base64url::encode(bytes_of(bytes)) == text);
    const auto decoded = base64url::decode(text);
    REQUIRE(decoded);
    CHECK(text_of(*decoded) == bytes);
    const auto secret = base64url::decode_secret(text);
    REQUIRE(secret);
    CHECK(secret->reveal_text() == bytes);
    CHECK(base64url::encode_secret(bytes_of(bytes)).reveal_text() == text);
  }
}

TEST_CASE("codec/base64url: every text but the one right text is refused, and says why") {
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"Zg==", "padding at byte 3"},
      {"Zm9v=", "padding at byte 5"},
      {"Z", "cut off"},
      {"Zm9vY", "cut off"},
      {"Zh", "bits set after its last byte"},
      {"Zm9", "bits set after its last byte"},
      {"Zm+v", "alphabet at byte 3"},
      {"Zm/v", "alphabet at byte 3"},
      {" Zm9v", "alphabet at byte 1"},
      {"Zm9v\n", "alphabet at byte 5"},
      {"Zm\r\n9v", "alphabet at byte 3"},
      {"Zm9\xC3", "alphabet at byte 4"},
      {std::string_view("Zm9\0", 4), "alphabet at byte 4"}};
  for (const auto& [text, why] : texts) {
    CAPTURE(text);
    const auto decoded = base64url::decode(text);
    REQUIRE(!decoded);
    CHECK(decoded.error().code == Errc::input);
    CHECK(decoded.error().message.find(why) != std::string::npos);
    CHECK(!base64url::decode_secret(text));
  }
}

TEST_CASE("codec/base64url: a refused secret is not quoted in the error") {
  const auto decoded = base64url::decode_secret("s3cr3t!");
  REQUIRE(!decoded);
  CHECK(decoded.error().message.find("s3cr3t") == std::string::npos);
}

TEST_CASE("codec/base64url: random bytes come back, from a text of that alphabet only") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    Bytes bytes(size);
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(random());
    const auto text = base64url::encode(bytes);
    CAPTURE(text);
    CHECK(text.size() == (size * 4 + 2) / 3);
    const auto decoded = base64url::decode(text);
    REQUIRE(decoded);
    CHECK(*decoded == bytes);
  }
}

TEST_CASE("codec/base64url: whatever decodes encodes to the same text") {
  std::mt19937 random(2);
  constexpr std::string_view kSome = "AQgwZ_-9=+/ ";
  unsigned accepted = 0;
  for (unsigned i = 0; i < 20'000; ++i) {
    std::string text(random() % 7, 'A');
    for (auto& c : text)
      c = kSome[random() % (i % 2 == 0 ? kSome.size() : 8)];
    const auto decoded = base64url::decode(text);
    if (!decoded) continue;
    ++accepted;
    CHECK(base64url::encode(*decoded) == text);
  }
  CHECK(accepted > 1000);
}
