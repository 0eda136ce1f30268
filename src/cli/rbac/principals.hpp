#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::cli {

/// The flags that say who is asking.
struct PrincipalOptions {
  std::vector<std::string> groups;
  std::string org;
  std::string subject;
  std::string token;

  bool is_given() const { return !groups.empty() || !org.empty() || !token.empty(); }
};

/// Declares --group, --org, --subject and --token. The options must outlive the parsing.
void bind_principal(Spec& spec, PrincipalOptions& options);
/// Declares --policy.
void bind_policy(Spec& spec, std::string& file);

/// The principal that the flags describe, or the one of a real token. The token is verified against
/// the configuration, as `mint` does.
Result<policy::Principal> principal_of(const PrincipalOptions& options, Env& env);

}  // namespace mcpauth::cli
