#include "core/issuer/denial.hpp"

#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::issuer {
namespace {

using policy::Decision;
using policy::Engine;
using policy::Principal;

constexpr std::size_t kMostNames = 5;

std::string some_of(const std::vector<std::string>& names) {
  return text::some_of(names, kMostNames);
}

/// The roles that would allow all of these scopes, each held by itself. The Engine answers it, with
/// a policy that grants each role to a group of its own, so that the rules are applied in one
/// place.
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
  if (!names.empty()) return "the roles held are " + some_of(names);
  if (principal.groups.empty()) {
    return text::format("no role is held in org `{}`: the token names no group", principal.org);
  }
  return text::format("no grant applies to {} in org `{}`", some_of(principal.groups),
                      principal.org);
}

std::vector<std::string> failing_scopes(const Decision& decision) {
  std::vector<std::string> scopes;
  for (const auto& step : decision.evidence)
    scopes.emplace_back(step.scope);
  return scopes;
}

/// The grant that would allow it if it had not expired, or null. A grant has no start, so at the
/// beginning of time all of them apply.
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
    return text::format("the grant at {} has expired: give it a later `expires`",
                        file_and_line(grant->place));
  }
  const std::string& file = engine.policy().file;
  if (scopes.empty()) {
    const auto groups = principal.groups.empty() ? "a group" : some_of(principal.groups);
    return text::format("add a [[grant]] of a role to {} in org `{}` to {}", groups, principal.org,
                        file);
  }
  const auto helping = roles_that_allow(engine, scopes, now);
  if (helping.empty()) return "no role of the policy allows it: add the scope to one in " + file;
  return text::format("a grant of {}{}{} in org `{}` would allow it ({})",
                      helping.size() == 1 ? "role " : "one of the roles ", some_of(helping),
                      principal.groups.empty() ? "" : " to " + some_of(principal.groups),
                      principal.org, file);
}

void explain_deny(Error& error, const policy::Evidence& deny) {
  if (deny.role == nullptr || deny.pattern == nullptr) return;
  error.why = text::format("role `{}` denies `{}` at {}", deny.role->name.value,
                           deny.pattern->value, file_and_line(deny.pattern->place));
  error.hint = "a deny beats every allow: change that line";
  if (deny.grant == nullptr) return;
  error.hint += ", or the grant of the role at " + file_and_line(deny.grant->place);
}

}  // namespace

Error denial(const Principal& principal, const Decision& decision, std::string_view asked) {
  return {.code = Errc::denied,
          .message = text::format("`{}` may not have {}", principal.subject, asked),
          .reason = decision.reason};
}

void explain(Error& error, const Engine& engine, const Principal& principal,
             const Decision& decision, Instant now) {
  const std::string& file = engine.policy().file;
  const auto deny = std::ranges::find(decision.evidence, true, &policy::Evidence::denied);
  if (deny != decision.evidence.end()) {
    explain_deny(error, *deny);
  } else if (decision.reason == reason::kUnknownTool) {
    error.why = "no entry of [tools] matches it, and what is not listed is denied";
    error.hint = "add it to [tools] in " + file;
  } else if (decision.reason == reason::kBadScope) {
    error.why = meaning(reason::kBadScope);
    error.hint = "name each scope in full, like db:read:employee";
  } else if (decision.reason == reason::kUnknownScope) {
    error.why =
        text::format("{} is not in [scopes] of {}", some_of(failing_scopes(decision)), file);
    error.hint = "ask for a scope of the catalogue, or add it there";
  } else {
    error.why = held(engine, principal, now);
    error.hint = what_would_help(engine, principal, decision, now);
  }
}

}  // namespace mcpauth::issuer
