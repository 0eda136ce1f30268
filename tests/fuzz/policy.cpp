#include "core/policy/engine/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/panic.hpp"
#include "core/policy/engine/decide.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace mcpauth;
using namespace mcpauth::policy;

/// A principal in every group of the policy, so that most of the policy is used.
Principal everybody(const Policy& policy, std::string org) {
  Principal principal{
      .idp = "okta", .subject = "ann", .org = std::move(org), .groups = {}, .client_id = {}};
  for (const auto& grant : policy.grants) {
    for (const auto& group : grant.groups)
      principal.groups.push_back(group.value);
  }
  return principal;
}

void decide(const Engine& engine, const Principal& principal) {
  const Instant now{};
  const auto held = engine.held_scopes(principal, now);
  const bool any = !engine.roles(principal, now).empty();
  if (!held.empty() && !engine.scopes(principal, held, now).allowed) panic("held, yet refused");
  for (const auto& tool : engine.policy().tools) {
    const auto decision = engine.tool(principal, tool.pattern.value, now);
    if (decision.allowed && !any) panic("allowed without a role");
    if (decision.reason.empty()) panic("an answer without a reason");
    const auto needs = engine.needs(tool.pattern.value);
    if (!needs || needs->empty()) continue;
    if (engine.scopes(principal, *needs, now).allowed != decision.allowed) {
      panic("the scopes of a tool are judged in two ways");
    }
  }
  (void)engine.tool(principal, "server/tool", now);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto policy = parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!policy) {
    if (policy.error().problems.empty()) panic("a refusal without a place");
    return 0;
  }
  const Engine engine(*std::move(policy));
  decide(engine, everybody(engine.policy(), "acme"));
  for (const auto& org : engine.policy().orgs) {
    decide(engine, everybody(engine.policy(), org.name.value));
  }
  return 0;
}
