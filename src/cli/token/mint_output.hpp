#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/base/secret.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::cli {

enum class TokenFormat {
  raw,
  json,
  header,
  env,
  fish,
  powershell,
  dotenv,
  github,
  gitlab,
  curl,
  exec_credential,
};

/// The format of this name; the Error names the nearest.
Result<TokenFormat> token_format_named(std::string_view name);
std::vector<std::string> token_format_names();
std::string_view name(TokenFormat format);

/// A token to hand over, and what is known of it.
struct TokenAnswer {
  Secret token;
  std::optional<Instant> expires = {};
  std::string_view schema = "mcpauth.mint/1";
  json::Object claims = {};  ///< empty: not known, and then absent
};

/// Refuses what no shell takes as a variable's name; empty is the default name. To be asked before
/// anything is minted.
Result<void> check_variable(std::string_view name);

/// Writes the token to stdout in a format. `name` is the variable or output it goes into; empty:
/// MCP_TOKEN, and `token` for github. Under GitHub Actions the token is masked on stderr first.
/// What is no bearer token by its characters (RFC 6750 section 2.1) is Errc::input: it could end
/// the quotes it stands in.
Result<void> print_token(const TokenAnswer& answer, TokenFormat format, std::string_view name,
                         Env& env);

}  // namespace mcpauth::cli
