#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "core/identity/directory.hpp"

namespace mcpauth::identity {

using Names = std::vector<std::string>;

/// Claims from JSON text; a mistake in the text fails the test.
inline json::Value claims_of(std::string_view text) {
  auto value = json::parse(text);
  REQUIRE_MESSAGE(value, value.error().message);
  return *std::move(value);
}

/// The claims with one of them replaced, or taken out where `value` is "".
inline json::Value changed(std::string_view text, std::string_view name, std::string_view value) {
  const auto original = claims_of(text);
  json::Object out;
  for (const auto& [key, each] : *original.object()) {
    if (key != name) out.set(key, each);
  }
  if (!value.empty()) out.set(std::string(name), claims_of(value));
  return out;
}

/// The principal, which there must be.
inline policy::Principal principal_of(const json::Value& claims, const Settings& idp) {
  auto principal = to_principal(claims, idp);
  REQUIRE_MESSAGE(principal, principal.error().message);
  return *std::move(principal);
}

/// The refusal, which there must be: Errc::denied, one line, with a reason of the list.
inline Error refusal_of(const json::Value& claims, const Settings& idp) {
  auto principal = to_principal(claims, idp);
  REQUIRE(!principal);
  const auto& error = principal.error();
  CHECK(error.code == Errc::denied);
  CHECK(!meaning(error.reason).empty());
  CHECK(!error.message.empty());
  return error;
}

inline std::string_view reason_of(const json::Value& claims, const Settings& idp) {
  return refusal_of(claims, idp).reason;
}

inline bool has(const policy::Principal& principal, std::string_view group) {
  return std::ranges::find(principal.groups, group) != principal.groups.end();
}

}  // namespace mcpauth::identity
