#include "cli/frame/secret_words.hpp"

#include <algorithm>
#include <array>

#include "core/codec/format.hpp"

namespace mcpauth::cli {
namespace {

bool is_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

/// A JWS or JWE: three or five parts, of which the first is `{"` in base64url.
bool is_compact_token(std::string_view word) {
  const auto dots = std::ranges::count(word, '.');
  const bool clean = std::ranges::all_of(word, [](char c) { return is_base64url(c) || c == '.'; });
  return word.starts_with("eyJ") && (dots == 2 || dots == 4) && clean;
}

bool has_known_prefix(std::string_view word) {
  constexpr std::array<std::string_view, 13> kPrefixes = {
      "ghp_",  "gho_",  "ghu_",  "ghs_", "ghr_",     "github_pat_", "glpat-",
      "xoxb-", "xoxp-", "xapp-", "sk-",  "sk_live_", "AKIA"};
  constexpr std::size_t kShortest = 20;
  return word.size() >= kShortest && std::ranges::all_of(word, is_base64url) &&
         std::ranges::any_of(kPrefixes, [&](std::string_view p) { return word.starts_with(p); });
}

bool is_private_jwk(std::string_view word) {
  const auto holds = [&](std::string_view member) {
    return word.find(member) != std::string_view::npos;
  };
  return word.starts_with('{') && holds("\"kty\"") && (holds("\"d\"") || holds("\"k\""));
}

}  // namespace

bool looks_like_secret(std::string_view word) {
  constexpr std::string_view kScheme = "Bearer ";
  if (word.starts_with(kScheme)) word.remove_prefix(kScheme.size());
  return is_compact_token(word) || has_known_prefix(word) || is_private_jwk(word) ||
         word.find("-----BEGIN ") != std::string_view::npos;
}

bool holds_secret(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r\n=,;:&'\"`()[]<>|";
  if (looks_like_secret(text)) return true;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(kBetween), text.size());
    if (looks_like_secret(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

Error secret_on_command_line(std::string_view where) {
  return {.code = Errc::usage,
          .message = text::format("{} contains a secret", where),
          .hint = "give a reference: a file's path, - for stdin, env:NAME, fd:N or exec:COMMAND",
          .why = "every user of this machine can read the command line"};
}

}  // namespace mcpauth::cli
