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

/// The format with this name; the Error suggests the nearest.
Result<TokenFormat> token_format_named(std::string_view name);
std::vector<std::string> token_format_names();
std::string_view name(TokenFormat format);

/// A token to print, and what is known about it.
struct TokenAnswer {
  Secret token;
  std::optional<Instant> expires = {};
  std::string_view schema = "mcpauth.mint/1";
  json::Object claims = {};  ///< empty: not known, and then absent
};

/// Refuses a name that shells do not accept for a variable; empty means the default name. Call it
/// before anything is minted.
Result<void> check_variable(std::string_view name);

/// Writes the token to stdout in a format. `name` is the variable or output that gets it; empty
/// means `token` for github and MCP_TOKEN otherwise. Under GitHub Actions the token is first
/// masked, on stderr. Errc::input where the token has characters that RFC 6750 section 2.1 does not
/// allow: they could end the quotes around it.
Result<void> print_token(const TokenAnswer& answer, TokenFormat format, std::string_view name,
                         Env& env);

}  // namespace mcpauth::cli
