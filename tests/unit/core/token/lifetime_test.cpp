#include "core/token/lifetime.hpp"

#include <array>

#include <doctest/doctest.h>

#include "core/base/reason.hpp"

namespace mcpauth::token {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kRole = "role `admin` (rbac.toml:4)";

}  // namespace

TEST_CASE("token/lifetime: without a wish it is the least cap") {
  CHECK(*choose_ttl({}, {}) == minutes(15));
  const std::array caps = {Cap{minutes(10), "the issuer's ttl"}, Cap{minutes(7), "role"}};
  CHECK(*choose_ttl({}, caps) == minutes(7));
  CHECK(*choose_ttl(minutes(5), caps) == minutes(5));
  CHECK(*choose_ttl(minutes(7), caps) == minutes(7));
}

TEST_CASE("token/lifetime: what is over the cap is refused and the cap named, never clamped") {
  const std::array caps = {Cap{minutes(10), "the issuer's ttl"},
                           Cap{minutes(7), std::string(kRole)}};
  const auto over = choose_ttl(seconds(421), caps);
  REQUIRE_FALSE(over);
  CHECK(over.error().code == Errc::usage);
  CHECK(over.error().reason == reason::kTtlOutOfRange);
  CHECK(over.error().message ==
        "a lifetime of 7m1s is over the cap of 7m, set by role `admin` (rbac.toml:4)");
  CHECK(over.error().hint == "ask for 5m to 7m");
}

TEST_CASE("token/lifetime: nothing makes it longer than 15 minutes or shorter than 5") {
  const std::array generous = {Cap{minutes(60), "the issuer's ttl"}};
  CHECK(*choose_ttl({}, generous) == minutes(15));
  for (const auto asked : {seconds(901), seconds(3600), seconds::max(), seconds(299), seconds(0),
                           seconds(-1), seconds::min()}) {
    CAPTURE(asked.count());
    const auto refused = choose_ttl(asked, generous);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == reason::kTtlOutOfRange);
  }
}

TEST_CASE("token/lifetime: a cap under 5 minutes is a configuration error, not a short token") {
  const std::array caps = {Cap{minutes(2), std::string(kRole)}};
  const auto refused = choose_ttl({}, caps);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::config);
  CHECK(refused.error().message.find(kRole) != std::string::npos);
}

}  // namespace mcpauth::token
