#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "cli/token/mint_output.hpp"
#include "core/crypto/algorithm.hpp"
#include "core/oauth/exchange.hpp"

namespace mcpauth::cli {

/// The flags of `mint`.
struct MintOptions {
  // the subject
  std::string subject_token;  ///< a source, or `github`, `gitlab`
  oauth::TokenType subject_type = oauth::TokenType::access_token;
  std::string subject;
  std::string client_id;
  std::string client_secret;
  // the token
  std::string audience;
  std::vector<std::string> scopes;
  std::string tool;
  std::string org;
  std::optional<std::chrono::seconds> ttl;
  std::vector<std::string> claims;
  std::vector<std::string> json_claims;
  // the issuer
  std::string from;
  std::string policy;
  std::string issuer;
  std::string key;
  std::optional<std::string> passphrase;
  std::optional<crypto::Algorithm> alg;
  // the output
  TokenFormat format = TokenFormat::raw;
  bool format_given = false;
  std::string variable;
};

// The three ways to get a token. Nothing has been printed when they return.

/// From an IdP token, under the policy.
Result<TokenAnswer> mint_by_policy(const MintOptions& options, Env& env);
/// From claims that the flags give.
Result<TokenAnswer> mint_from_claims(const MintOptions& options, Env& env);
/// From another issuer (RFC 8693).
Result<TokenAnswer> mint_by_exchange(const MintOptions& options, Env& env);

}  // namespace mcpauth::cli
