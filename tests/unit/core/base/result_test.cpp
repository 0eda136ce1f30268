#include "core/base/result.hpp"

#include <memory>

#include <doctest/doctest.h>

#include "core/base/secret.hpp"

namespace mcpauth {
namespace {

Result<int> parse(int n) {
  if (n < 0) return Error{.code = Errc::input, .message = "negative"};
  return n;
}

Result<int> twice(int n) {
  TRY(const int value, parse(n));
  return value * 2;
}

Result<void> check(int n) {
  TRY_VOID(parse(n));
  return {};
}

}  // namespace

TEST_CASE("base/result: TRY passes values on and errors up") {
  CHECK(*twice(4) == 8);
  CHECK(twice(-1).error().message == "negative");
  CHECK(check(1).has_value());
  CHECK(check(-1).error().code == Errc::input);
}

TEST_CASE("base/result: move-only values work") {
  Result<std::unique_ptr<int>> owned(std::make_unique<int>(3));
  const auto out = *std::move(owned);
  CHECK(*out == 3);
}

TEST_CASE("base/error: context reads from the outside in") {
  CHECK(Error{.code = Errc::io, .message = "disk full"}.context("save vault").message ==
        "save vault: disk full");
}

TEST_CASE("base/error: several problems become one error that counts them") {
  const auto error =
      error_from(Errc::config,
                 {{.file = "a.toml", .line = 3, .column = 7, .message = "first", .hint = "mend it"},
                  {.message = "second"}});
  CHECK(error.message == "a.toml:3:7: first (and 1 more)");
  CHECK(error.hint == "mend it");
}

TEST_CASE("base/secret: moved-from is empty") {
  auto secret = Secret::copy_of("pw");
  const auto other = std::move(secret);
  CHECK(other.size() == 2);
  CHECK(secret.size() == 0);  // NOLINT(bugprone-use-after-move): the state under test
}

}  // namespace mcpauth
