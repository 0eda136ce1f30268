#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/codec/toml.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::policy {

/// A place in the files of a policy.
struct Place {
  std::string file;
  toml::Span span;
};

/// A string of the file and its place. Patterns, names and groups are kept as written.
struct Text {
  std::string value;
  Place place;
};

/// The places of one key of a table and of its value. `key` is the name, unquoted.
struct Field {
  std::string_view key;
  toml::Span key_span;
  toml::Span value_span;
};

/// The known keys that a table has, in the order of the file.
using Fields = std::vector<Field>;

/// The field of this key, or null.
const Field* find(const Fields& fields, std::string_view key);

enum class Risk { low, medium, high };

struct Scope {
  Text name = {};
  Risk risk = Risk::medium;
  std::string description = {};
  Fields fields = {};
};

struct Tool {
  Text pattern = {};             ///< "server/tool" with `*` inside either half
  std::vector<Text> needs = {};  ///< concrete scopes, all required; empty: any role is enough
  toml::Span needs_span = {};    ///< the whole list
};

struct Role {
  Text name = {};
  std::vector<Text> inherits = {};
  std::vector<Text> scopes = {};  ///< patterns that allow
  std::vector<Text> deny = {};    ///< patterns that deny; they beat every allow
  std::optional<std::chrono::seconds> ttl = {};
  std::string description = {};
  Place place = {};  ///< its header
  Fields fields = {};
};

struct Grant {
  Text role = {};
  std::vector<Text> groups = {};      ///< "idp:group"
  std::optional<Text> org = {};       ///< none: every org
  std::optional<Instant> until = {};  ///< first instant at which it no longer applies
  std::string reason = {};
  Place place = {};  ///< its header
  Fields fields = {};
};

struct Org {
  Text name = {};
  std::optional<std::vector<Text>> idps = {};  ///< the IdPs whose groups count; none: all of them
  Fields fields = {};
};

/// Scopes of which no principal must hold two. Checked by lint; decisions ignore it.
struct Separation {
  Text name = {};
  std::vector<Text> never_both = {};  ///< scopes or patterns, at least two
  Place place = {};                   ///< its header
  Fields fields = {};
};

/// The level of one rule of `rbac lint`, from [lint.rules.NAME]. Decisions ignore it. Only lint
/// reports a name that is not a rule, so that an older version can still use the policy.
struct LintRule {
  Text name = {};
  Text level = {};  ///< off, info, warning or error
  Fields fields = {};
};

/// An `rbac.toml` and all that it includes, as written: plain data with places, in the order of the
/// files. An included file comes in the place of its `include`. `parse` has checked that every name
/// is defined, that there are no cycles and that every pattern is well-formed.
struct Policy {
  std::string file;
  bool has_scope_catalogue = false;
  std::vector<Scope> scopes;
  std::vector<Tool> tools;
  std::vector<Role> roles;
  std::vector<Grant> grants;
  std::vector<Org> orgs;
  std::vector<Separation> separations;
  std::vector<LintRule> lint_rules;  ///< the first of a name counts, so the first file wins
};

/// Limits on the size of a policy.
struct PolicyLimits {
  std::size_t bytes = 32 << 20;
  std::size_t values = 4'000'000;
  std::size_t roles = 10'000;
  std::size_t grants = 100'000;
  std::size_t tools = 100'000;
  std::size_t scopes = 100'000;
  std::size_t files = 100;         ///< with the first one
  std::size_t include_depth = 16;  ///< files that include each other in a row
};

/// Reads and checks a policy of one file. All errors are in the Error's `problems`, in the order of
/// the file, with their places and suggestions. An error in the TOML syntax is reported alone. A
/// policy with any error is refused as a whole. An `include` is an error here: see load.hpp.
Result<Policy> parse(std::string_view text, std::string_view file, const PolicyLimits& limits = {});

}  // namespace mcpauth::policy
