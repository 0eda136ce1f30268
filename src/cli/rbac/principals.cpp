#include "cli/rbac/principals.hpp"

#include <algorithm>
#include <set>

#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/sources.hpp"
#include "core/codec/format.hpp"
#include "core/identity/identify.hpp"

namespace mcpauth::cli {
namespace {

Error usage(std::string message, std::string hint) {
  return {.code = Errc::usage, .message = std::move(message), .hint = std::move(hint)};
}

Result<policy::Principal> of_token(const PrincipalOptions& options, Env& env) {
  if (!options.groups.empty() || !options.subject.empty()) {
    return usage("--token cannot be combined with --group or --subject",
                 "the token says who it is; leave the others out");
  }
  TRY(const auto config, load_settings(env));
  if (config.idps.empty()) {
    return Error{.code = Errc::config,
                 .message = "no IdP is configured, so no token can be verified",
                 .hint = "add [[idp]] to mcpauth.toml, or name the file with -C"};
  }
  TRY(const Secret token, read_source(options.token, env, "the token"));
  identity::Directory directory(config.idps, env.http(), *env.clock);
  TRY(auto who, directory.identify(token.reveal_text()));
  if (!options.org.empty() && options.org != who.principal.org) {
    return usage(text::format("the token is of org `{}`, not `{}`", who.principal.org, options.org),
                 "leave --org out");
  }
  return std::move(who.principal);
}

}  // namespace

void bind_principal(Spec& spec, PrincipalOptions& options) {
  spec.values("-g,--group", "IDP:GROUP", "A group of the principal, as in okta:HR", options.groups);
  spec.value("--org", "O", "Organisation of the principal", options.org).completes = Completes::org;
  spec.value("--subject", "S", "Name of the principal, shown in the answer only", options.subject);
  spec.value("--token", "SRC",
             "A real IdP token, verified as mint does, in place of --group and --org",
             options.token)
      .completes = Completes::file;
}

void bind_policy(Spec& spec, std::string& file) {
  spec.value("--policy", "FILE", "Policy; default: [policy] file, else rbac.toml", file).completes =
      Completes::file;
}

Result<policy::Principal> principal_of(const PrincipalOptions& options, Env& env) {
  if (!options.token.empty()) return of_token(options, env);
  if (options.groups.empty()) {
    return usage("no principal is given", "give --group IDP:GROUP and --org O, or --token SRC");
  }
  if (options.org.empty()) return usage("no organisation is given", "give --org O");
  std::set<std::string> idps;
  for (const auto& group : options.groups) {
    const auto colon = group.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == group.size()) {
      return usage(text::format("`{}` is not a group", group),
                   "write it as idp:group, like okta:HR");
    }
    idps.insert(group.substr(0, colon));
  }
  if (idps.size() > 1)
    note(env, "these groups are of several IdPs; a real principal has groups of one IdP only");
  return policy::Principal{.idp = *idps.begin(),
                           .subject = options.subject.empty() ? "somebody" : options.subject,
                           .org = options.org,
                           .groups = options.groups,
                           .client_id = {}};
}

}  // namespace mcpauth::cli
