#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

/// The rules that a policy must keep to be usable. Each is also a rule of `rbac lint`, which
/// explains it.
namespace rule {

inline constexpr std::string_view kTomlSyntax = "toml-syntax";
inline constexpr std::string_view kUnknownKey = "unknown-key";
inline constexpr std::string_view kWrongType = "wrong-type";
inline constexpr std::string_view kPolicyVersion = "policy-version";
inline constexpr std::string_view kDuplicateDefinition = "duplicate-definition";
inline constexpr std::string_view kBadInclude = "bad-include";
inline constexpr std::string_view kPolicyTooLarge = "policy-too-large";
inline constexpr std::string_view kMalformedValue = "malformed-value";
inline constexpr std::string_view kMissingKey = "missing-key";
inline constexpr std::string_view kUndefinedRole = "undefined-role";
inline constexpr std::string_view kUndefinedScope = "undefined-scope";
inline constexpr std::string_view kUndefinedOrg = "undefined-org";
inline constexpr std::string_view kInheritanceCycle = "inheritance-cycle";
inline constexpr std::string_view kTtlOverCap = "ttl-over-cap";

}  // namespace rule

/// A second place that a fault or finding is about, and why.
struct Label {
  Place place;
  std::string text;
};

/// An error in a policy, which makes it unusable.
struct Fault {
  std::string_view rule;  ///< one of rule::k…
  Place place = {};
  std::string message = {};  ///< as in Error
  std::string hint = {};
  std::vector<Label> related = {};
  /// What was probably meant in place of the text at `place`, unquoted.
  std::optional<std::string> instead = {};

  Problem problem() const;
};

}  // namespace mcpauth::policy
