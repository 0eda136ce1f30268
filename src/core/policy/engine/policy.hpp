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

/// Where a thing of the policy stands.
struct Place {
  std::string file;
  toml::Span span;
};

/// "rbac.toml:12"; the file alone where the line is not known.
inline std::string file_and_line(const Place& place) {
  if (place.span.line == 0) return place.file;
  return place.file + ":" + std::to_string(place.span.line);
}

/// A string of the file and its place. Patterns, names and groups are kept as written.
struct Text {
  std::string value;
  Place place;
};

/// Where one key of a table and its value stand; `key` names it as in the file, unquoted.
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
  std::vector<Text> needs = {};  ///< concrete scopes, all of them; empty: open to any role holder
  toml::Span needs_span = {};    ///< the whole list
};

struct Role {
  Text name = {};
  std::vector<Text> inherits = {};
  std::vector<Text> scopes = {};  ///< patterns that allow
  std::vector<Text> deny = {};    ///< patterns that deny, and beat every allow
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
  std::optional<std::vector<Text>> idps = {};  ///< none: every IdP speaks for it
  Fields fields = {};
};

/// Scopes of which one principal must not hold two. A statement for lint; deciding ignores it.
struct Separation {
  Text name = {};
  std::vector<Text> never_both = {};  ///< scopes or patterns, two at least
  Place place = {};                   ///< its header
  Fields fields = {};
};

/// How loud one rule of `rbac lint` is, as `[lint.rules.NAME]` says. Deciding ignores it; whether
/// there is such a rule is for lint to say, so that an older program can still use the policy.
struct LintRule {
  Text name = {};
  Text level = {};  ///< off, info, warning or error
  Fields fields = {};
};

/// An `rbac.toml` and all that it includes, as written: plain data with places, in the order of the
/// files, each where its `include` names it. `parse` made sure that every name is defined, that
/// there is no cycle and that every pattern is well-formed.
struct Policy {
  std::string file;
  bool has_scope_catalogue = false;
  std::vector<Scope> scopes;
  std::vector<Tool> tools;
  std::vector<Role> roles;
  std::vector<Grant> grants;
  std::vector<Org> orgs;
  std::vector<Separation> separations;
  std::vector<LintRule> lint_rules;  ///< the first of a name counts: the first file's beats others
};

/// What one policy may hold at most.
struct PolicyLimits {
  std::size_t bytes = 32 << 20;
  std::size_t values = 4'000'000;
  std::size_t roles = 10'000;
  std::size_t grants = 100'000;
  std::size_t tools = 100'000;
  std::size_t scopes = 100'000;
  std::size_t files = 100;         ///< the first one and all that are included
  std::size_t include_depth = 16;  ///< files that include each other in a row
};

/// Reads and checks a policy of one file. All that is wrong is in the Error's `problems`, in the
/// order of the file, with places and the nearest known name; only a fault of TOML itself stands
/// alone. A policy is taken whole or not at all. An `include` is an error here: see load.hpp.
Result<Policy> parse(std::string_view text, std::string_view file, const PolicyLimits& limits = {});

}  // namespace mcpauth::policy
