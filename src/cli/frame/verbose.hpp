#pragma once

#include <functional>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/config/config.hpp"
#include "core/jose/jwk.hpp"
#include "core/jose/verify.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::cli {

// The lines of -v: what was decided, and by what. All are written with `detail`, so without -v
// there are none. No secret and no part of a token appears in them.

/// The configuration file in force and the variables that override it.
void log_config(const config::Config& config, const Env& env);
void log_policy(const policy::Policy& policy, const Env& env);
/// The principal that the token stands for, its IdP, and the roles it has with the grant of each.
void log_principal(const policy::Principal& who, const config::Config& config,
                   const policy::Engine& engine, const Env& env);
/// The key that signs; `place` is where it was found.
void log_signing_key(const jose::SigningKey& key, std::string_view place, const Env& env);
/// How many keys there are at `place`, and which of them was tried.
void log_verification(const jose::Report& report, jose::KeySource& keys, std::string_view place,
                      const Env& env);
void log_audit(const config::Config& config, const Env& env);
/// The form of the answer and where it goes.
void log_output(std::string_view form, const Env& env);

/// The same client, but each request is logged with its status and how long it took. Keys that come
/// from the cache make no request.
std::function<http::Client&()> logging_client(std::function<http::Client&()> client,
                                              const Env& env);

}  // namespace mcpauth::cli
