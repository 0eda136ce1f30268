#include "cli/key_sets.hpp"

#include "cli/sources.hpp"
#include "core/oauth/answer.hpp"

namespace mcpauth::cli {

bool is_url(std::string_view reference) {
  constexpr std::string_view kOfScheme =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  const auto scheme = reference.substr(0, reference.find("://"));
  if (scheme.empty() || scheme.size() == reference.size()) return false;
  return scheme != "file" && scheme.find_first_not_of(kOfScheme) == std::string_view::npos;
}

Result<http::Reach> reach_of(std::string_view url) {
  auto parsed = Url::parse(url);
  if (!parsed) {
    auto error = std::move(parsed).error().context("`" + std::string(url) + "`");
    error.code = Errc::usage;
    return error;
  }
  return parsed->is_loopback() ? http::Reach::loopback_too : http::Reach::internet;
}

Result<std::string> key_set_text(std::string_view reference, Env& env) {
  if (!is_url(reference)) return read_input(reference, env, jose::KeySet::kMaxBytes);
  http::Request request{.url = std::string(reference),
                        .headers = {{"accept", "application/jwk-set+json, application/json"}},
                        .max_body = jose::KeySet::kMaxBytes};
  TRY(request.reach, reach_of(reference));
  TRY(auto response, env.http().send(request));
  TRY_VOID(oauth::expect_document(response, reference));
  return std::move(response.body);
}

Result<jose::KeySet> read_key_set(std::string_view reference, Env& env) {
  TRY(const auto text, key_set_text(reference, env));
  auto set = jose::KeySet::parse(text);
  if (!set) return std::move(set).error().context("`" + std::string(reference) + "`");
  return set;
}

}  // namespace mcpauth::cli
