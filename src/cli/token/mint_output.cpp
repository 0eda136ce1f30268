#include "cli/token/mint_output.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>
#include <vector>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::array<std::pair<std::string_view, TokenFormat>, 11> kFormats = {
    {{"raw", TokenFormat::raw},
     {"json", TokenFormat::json},
     {"header", TokenFormat::header},
     {"env", TokenFormat::env},
     {"fish", TokenFormat::fish},
     {"powershell", TokenFormat::powershell},
     {"dotenv", TokenFormat::dotenv},
     {"github", TokenFormat::github},
     {"gitlab", TokenFormat::gitlab},
     {"curl", TokenFormat::curl},
     {"exec-credential", TokenFormat::exec_credential}}};

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// b64token of RFC 6750. It has no quote, blank, newline or `$`, so it is one word in every shell.
bool is_bearer_token(std::string_view token) {
  constexpr std::string_view kOther = "-._~+/";
  const auto padding = token.find_last_not_of('=');
  const auto body = token.substr(0, padding + 1);
  return padding != std::string_view::npos && std::ranges::all_of(body, [&](char c) {
           return is_letter(c) || text::is_digit(c) || kOther.find(c) != std::string_view::npos;
         });
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && !text::is_digit(name.front()) &&
         std::ranges::all_of(name,
                             [](char c) { return is_letter(c) || text::is_digit(c) || c == '_'; });
}

void print_document(const TokenAnswer& answer, Env& env) {
  // The token goes from the Secret to the stream: a JSON value would be a copy that nobody wipes.
  env.out << R"({"schema":)" << json::quote(answer.schema) << R"(,"token":")"
          << answer.token.reveal_text() << R"(","token_type":"Bearer")";
  if (answer.expires) {
    env.out << R"(,"expires":")" << time::format_instant(*answer.expires) << R"(","expires_in":)"
            << (*answer.expires - env.now()).count();
  }
  if (!answer.claims.empty()) env.out << R"(,"claims":)" << json::write(answer.claims);
  env.out << "}\n";
}

void print_exec_credential(const TokenAnswer& answer, Env& env) {
  env.out
      << R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{)";
  if (answer.expires) {
    env.out << R"("expirationTimestamp":")" << time::format_instant(*answer.expires) << R"(",)";
  }
  env.out << R"("token":")" << answer.token.reveal_text() << "\"}}\n";
}

void print_as(const TokenAnswer& answer, TokenFormat format, std::string_view name, Env& env) {
  const std::string_view token = answer.token.reveal_text();
  switch (format) {
    case TokenFormat::raw:
      env.out << token << '\n';
      return;
    case TokenFormat::json:
      return print_document(answer, env);
    case TokenFormat::header:
      env.out << "Authorization: Bearer " << token << '\n';
      return;
    case TokenFormat::env:
      env.out << "export " << name << "='" << token << "'\n";
      return;
    case TokenFormat::fish:
      env.out << "set -gx " << name << " '" << token << "'\n";
      return;
    case TokenFormat::powershell:
      env.out << "$env:" << name << " = '" << token << "'\n";
      return;
    case TokenFormat::dotenv:
    case TokenFormat::github:
    case TokenFormat::gitlab:
      env.out << name << '=' << token << '\n';
      return;
    case TokenFormat::curl:
      env.out << "header = \"Authorization: Bearer " << token << "\"\n";
      return;
    case TokenFormat::exec_credential:
      return print_exec_credential(answer, env);
  }
}

}  // namespace

std::vector<std::string> token_format_names() {
  std::vector<std::string> names;
  names.reserve(std::size(kFormats));
  for (const auto& [name, format] : kFormats)
    names.emplace_back(name);
  return names;
}

Result<TokenFormat> token_format_named(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
    names.push_back(known);
  }
  return Error{.code = Errc::usage,
               .message = text::format("there is no format `{}`", name),
               .hint = text::did_you_mean(name, names)};
}

std::string_view name(TokenFormat format) {
  return std::ranges::find(kFormats, format, &std::pair<std::string_view, TokenFormat>::second)
      ->first;
}

Result<void> check_variable(std::string_view name) {
  if (name.empty() || is_variable_name(name)) return {};
  return Error{.code = Errc::usage,
               .message = text::format("`{}` is not a variable name", name),
               .hint = "use letters, digits and _"};
}

Result<void> print_token(const TokenAnswer& answer, TokenFormat format, std::string_view name,
                         Env& env) {
  TRY_VOID(check_variable(name));
  if (name.empty()) name = format == TokenFormat::github ? "token" : "MCP_TOKEN";
  if (!is_bearer_token(answer.token.reveal_text())) {
    return Error{.code = Errc::input,
                 .message = "the token contains characters that a bearer token cannot have",
                 .why = "RFC 6750 section 2.1"};
  }
  if (env.variable("GITHUB_ACTIONS") == "true") {
    env.err << "::add-mask::" << answer.token.reveal_text() << '\n';
    env.err.flush();
    if (!env.err) {
      return Error{.code = Errc::io,
                   .message = "cannot mask the token: stderr cannot be written",
                   .why = "a token that is not masked would appear in the job's log"};
    }
  }
  print_as(answer, format, name, env);
  return {};
}

}  // namespace mcpauth::cli
