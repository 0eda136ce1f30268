#pragma once

#include <string_view>

/// The examples of the rules about shape. Their long strings would hide the rules themselves.
namespace mcpauth::policy::lint::example {

inline constexpr std::string_view kTomlSyntaxBad = R"(version = 1
[roles.hr]
scopes = ["hr:read" "hr:write"]
#                   ^
)";
inline constexpr std::string_view kTomlSyntaxGood = R"(version = 1
[roles.hr]
scopes = ["hr:read", "hr:write"]
)";

inline constexpr std::string_view kUnknownKeyBad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[roles.hr-admin]
inherit = ["hr"]
#<
[lint.rules.global-wildcart]
#           ^
level = "error"
)";
inline constexpr std::string_view kUnknownKeyGood = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[roles.hr-admin]
inherits = ["hr"]
[lint.rules.unknown-key]
level = "error"
)";

inline constexpr std::string_view kWrongTypeBad = R"(version = 1
[roles.hr]
scopes = "hr:read hr:write"
#        ^
)";
inline constexpr std::string_view kWrongTypeGood = kTomlSyntaxGood;

inline constexpr std::string_view kPolicyVersionBad = R"([roles.hr]
#<
scopes = ["hr:read"]
)";
inline constexpr std::string_view kPolicyVersionGood = kTomlSyntaxGood;

inline constexpr std::string_view kCaseTwinBad = R"(version = 1
[roles.dev]
scopes = ["code:read"]
[roles.Dev]
#      ^
scopes = ["code:write"]
)";
inline constexpr std::string_view kCaseTwinGood = R"(version = 1
[roles.dev]
scopes = ["code:read"]
[roles.dev-lead]
scopes = ["code:write"]
)";

inline constexpr std::string_view kDuplicateBad = R"(version = 1
[[separation]]
name = "payments"
never_both = ["payments:create", "payments:approve"]
[[separation]]
name = "payments"
#      ^
never_both = ["payments:create", "payments:audit"]
)";
inline constexpr std::string_view kDuplicateGood = R"(version = 1
[[separation]]
name = "payments"
never_both = ["payments:create", "payments:approve"]
[[separation]]
name = "payments-audit"
never_both = ["payments:create", "payments:audit"]
)";

inline constexpr std::string_view kIncludeBad = R"(version = 1
include = [
  "../common/rbac.toml",
# ^
  "missing.toml",
# ^
]
)";
inline constexpr std::string_view kIncludeGood = R"(version = 1
include = ["base.toml"]
)";

// Judged as if a policy could have three files.
inline constexpr std::string_view kTooLargeBad = R"(version = 1
include = [
  "base.toml",
  "teams.toml",
  "tools.toml",  # as if a policy could have three files
# ^
]
)";
inline constexpr std::string_view kTooLargeGood = R"(version = 1
include = ["base.toml", "teams.toml"]
)";

inline constexpr std::string_view kMalformedBad = R"(version = 1
[scopes]
"hr:read" = { risk = "hihg" }
#                    ^
[roles.hr]
scopes = ["hr:re*"]
#         ^
[[grant]]
role = "hr"
groups = ["HR"]
#         ^
)";
inline constexpr std::string_view kMalformedGood = R"(version = 1
[scopes]
"hr:read" = { risk = "high" }
[roles.hr]
scopes = ["hr:*"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
)";

inline constexpr std::string_view kMissingBad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
#<
role = "hr"
)";
inline constexpr std::string_view kMissingGood = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
)";

}  // namespace mcpauth::policy::lint::example
