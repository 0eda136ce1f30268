#pragma once

#include <functional>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/config/config.hpp"
#include "core/jose/jwk.hpp"
#include "core/jose/verify.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::cli {

// What -v says: what was decided, and by what. Lines of `detail`, and so nothing without -v. No
// secret and nothing of a token's text is in them.

/// The file in force and the variables that beat it.
void log_config(const config::Config& config, const Env& env);
void log_policy(const policy::Policy& policy, const Env& env);
/// Whom the token stands for by which IdP, and the roles held by which grants.
void log_principal(const policy::Principal& who, const config::Config& config,
                   const policy::Engine& engine, const Env& env);
/// The key that signs; `place` is where it was found.
void log_signing_key(const jose::SigningKey& key, std::string_view place, const Env& env);
/// The keys that were to be had at `place`, and the one that the token's signature fits.
void log_verification(const jose::Report& report, jose::KeySource& keys, std::string_view place,
                      const Env& env);
void log_audit(const config::Config& config, const Env& env);
/// The form of the answer and where it goes.
void log_output(std::string_view form, const Env& env);

/// The same client; each request is told with its status and how long it took. Keys that come from
/// the cache make none.
std::function<http::Client&()> logging_client(std::function<http::Client&()> client,
                                              const Env& env);

}  // namespace mcpauth::cli
