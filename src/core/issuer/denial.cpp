#include "core/issuer/denial.hpp"

#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"

namespace mcpauth::token {
namespace {

using policy::Decision;
using policy::Engine;
using policy::Principal;

constexpr std::size_t kNamed = 5;

/// "`a`, `b` and 3 more"
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    text.append(text.empty() ? "" : ", ").append("`").append(names[i]).append("`");
  }
  if (names.size() > kNamed) text += " and " + std::to_string(names.size() - kNamed) + " more";
  return text;
}

std::string at(const policy::Place& place) {
  if (place.span.line == 0) return place.file;
  return place.file + ":" + std::to_string(place.span.line);
}

/// The roles that would have allowed these scopes, had the principal held just that one. Asked of
/// the Engine with a policy in which each role has one grant to a group of its own: there is no
/// second reading of the rules here.
std::vector<std::string> roles_that_allow(const Engine& engine,
                                          const std::vector<std::string>& scopes, Instant now) {
  policy::Policy probe = engine.policy();
  probe.grants.clear();
  probe.orgs.clear();
  for (std::size_t i = 0; i < probe.roles.size(); ++i) {
    policy::Grant grant;
    grant.role = probe.roles[i].name;
    grant.groups.push_back({.value = "probe:" + std::to_string(i), .place = {}});
    probe.grants.push_back(std::move(grant));
  }
  const Engine asked(std::move(probe));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < engine.policy().roles.size(); ++i) {
    const Principal holder{.idp = "probe",
                           .subject = "probe",
                           .org = "probe",
                           .groups = {"probe:" + std::to_string(i)},
                           .client_id = {}};
    if (asked.scopes(holder, scopes, now).allowed) {
      names.push_back(engine.policy().roles[i].name.value);
    }
  }
  return names;
}

std::string held(const Engine& engine, const Principal& principal, Instant now) {
  std::vector<std::string> names;
  for (const auto& role : engine.roles(principal, now))
    names.push_back(role.role->name.value);
  if (!names.empty()) return "the roles held are " + listed(names);
  const std::string org = " in org `" + principal.org + "`";
  if (principal.groups.empty()) return "no role is held" + org + ": the token names no group";
  return "no grant applies to " + listed(principal.groups) + org;
}

std::vector<std::string> failing_scopes(const Decision& decision) {
  std::vector<std::string> scopes;
  for (const auto& step : decision.evidence)
    scopes.emplace_back(step.scope);
  return scopes;
}

/// The grant that would allow it had it not expired, or null. Grants begin when they are written,
/// so that all of them apply at the beginning of time.
const policy::Grant* expired_grant(const Engine& engine, const Principal& principal,
                                   const std::vector<std::string>& scopes) {
  constexpr Instant kAlways{};
  if (scopes.empty()) {
    const auto roles = engine.roles(principal, kAlways);
    return roles.empty() ? nullptr : roles.front().grant;
  }
  const auto then = engine.scopes(principal, scopes, kAlways);
  return then.allowed ? then.evidence.front().grant : nullptr;
}

std::string what_would_help(const Engine& engine, const Principal& principal,
                            const Decision& decision, Instant now) {
  const auto scopes = failing_scopes(decision);
  if (const auto* grant = expired_grant(engine, principal, scopes)) {
    return "the grant at " + at(grant->place) + " has expired: give it a later `expires`";
  }
  if (scopes.empty()) {
    const auto groups = principal.groups.empty() ? "a group" : listed(principal.groups);
    return "add a [[grant]] of a role to " + groups + " in org `" + principal.org + "` to " +
           engine.policy().file;
  }
  const auto helping = roles_that_allow(engine, scopes, now);
  if (helping.empty())
    return "no role of the policy allows it: add the scope to one in " + engine.policy().file;
  std::string hint = "a grant of " +
                     std::string(helping.size() == 1 ? "role " : "one of the roles ") +
                     listed(helping);
  if (!principal.groups.empty()) hint += " to " + listed(principal.groups);
  return hint + " in org `" + principal.org + "` would allow it (" + engine.policy().file + ")";
}

void say_denied(Error& error, const policy::Evidence& deny) {
  if (deny.role == nullptr || deny.pattern == nullptr) return;
  error.why = "role `" + deny.role->name.value + "` denies `" + deny.pattern->value + "` at " +
              at(deny.pattern->place);
  error.hint = "a deny beats every allow: change that line";
  if (deny.grant != nullptr) error.hint += ", or the grant of the role at " + at(deny.grant->place);
}

}  // namespace

Error denial(const Engine& engine, const Principal& principal, const Decision& decision,
             std::string_view asked, Instant now) {
  Error error{.code = Errc::denied,
              .message = "`" + principal.subject + "` may not have " + std::string(asked),
              .reason = decision.reason};
  const auto deny = std::ranges::find(decision.evidence, true, &policy::Evidence::denied);
  if (deny != decision.evidence.end()) {
    say_denied(error, *deny);
    return error;
  }
  if (decision.reason == reason::kUnknownTool) {
    error.why = "no entry of [tools] matches it, and what is not listed is denied";
    error.hint = "add it to [tools] in " + engine.policy().file;
    return error;
  }
  if (decision.reason == reason::kBadScope) {
    error.why = meaning(reason::kBadScope);
    error.hint = "name each scope in full, like db:read:employee";
    return error;
  }
  if (decision.reason == reason::kUnknownScope) {
    error.why = listed(failing_scopes(decision)) + " is not in [scopes] of " + engine.policy().file;
    error.hint = "ask for a scope of the catalogue, or add it there";
    return error;
  }
  error.why = held(engine, principal, now);
  error.hint = what_would_help(engine, principal, decision, now);
  return error;
}

}  // namespace mcpauth::token
