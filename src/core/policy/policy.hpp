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
#include "core/policy/principal.hpp"

namespace mcpauth::policy {

/// Where a thing of the policy stands.
struct Place {
  std::string file;
  toml::Span span;
};

/// A string of the file and its place. Patterns, names and groups are kept as written.
struct Text {
  std::string value;
  Place place;
};

enum class Risk { low, medium, high };

struct Scope {
  Text name;
  Risk risk = Risk::medium;
  std::string description;
};

struct Tool {
  Text pattern;             ///< "server/tool" with `*` inside either half
  std::vector<Text> needs;  ///< concrete scopes, all of them; empty: open to any role holder
};

struct Role {
  Text name;
  std::vector<Text> inherits;
  std::vector<Text> scopes;  ///< patterns that allow
  std::vector<Text> deny;    ///< patterns that deny, and beat every allow
  std::optional<std::chrono::seconds> ttl;
  std::string description;
};

struct Grant {
  Text role;
  std::vector<Text> groups;       ///< "idp:group"
  std::optional<Text> org;        ///< none: every org
  std::optional<Instant> until;   ///< first instant at which it no longer applies
  std::string reason;
  Place place;
};

struct Org {
  Text name;
  std::optional<std::vector<Text>> idps;  ///< none: every IdP speaks for it
};

struct Separation {
  std::string name;
  std::vector<Text> never_both;
  Place place;
};

/// An `rbac.toml` as written: plain data with places, in the order of the file. `parse` made sure
/// that every name is defined, that there is no cycle and that every pattern is well-formed.
struct Policy {
  std::string file;
  bool has_scope_catalogue = false;
  std::vector<Scope> scopes;
  std::vector<Tool> tools;
  std::vector<Role> roles;
  std::vector<Grant> grants;
  std::vector<Org> orgs;
  std::vector<Separation> separations;
};

/// Reads and checks a policy. All that is wrong is in the Error's `problems`, with places and the
/// nearest known name. A policy is taken whole or not at all.
Result<Policy> parse(std::string_view toml, std::string_view file);

}  // namespace mcpauth::policy
