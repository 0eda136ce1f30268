#include "cli/frame/key_sets.hpp"

#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/sources.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/identity/reach.hpp"
#include "core/oauth/answer.hpp"

namespace mcpauth::cli {
namespace {

/// None, with a note, when the configuration was only found and cannot be used: keys at a public
/// address can be fetched without it.
Result<std::vector<identity::Settings>> trusted_idps(Env& env) {
  auto config = load_settings(env);
  if (config) return std::move(config->idps);
  if (env.globals.config) return std::move(config).error();
  note(env, for_reader(text::format("the configuration is not used: {}", config.error().message)));
  return std::vector<identity::Settings>();
}

}  // namespace

bool is_url(std::string_view reference) {
  constexpr std::string_view kOfScheme =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  const auto scheme = reference.substr(0, reference.find("://"));
  if (scheme.empty() || scheme.size() == reference.size()) return false;
  return scheme != "file" && scheme.find_first_not_of(kOfScheme) == std::string_view::npos;
}

Result<http::Reach> reach_of(std::string_view url, Env& env) {
  auto parsed = Url::parse(url);
  if (!parsed) {
    auto error = std::move(parsed).error().context(oauth::shown(url));
    error.code = Errc::usage;
    return error;
  }
  TRY(const auto idps, trusted_idps(env));
  return identity::reach_of(*parsed, idps);
}

Error or_as_file(Error error) {
  if (error.reason == reason::kAddressForbidden) error.hint += ", or give the key set as a file";
  return error;
}

Result<std::string> key_set_text(std::string_view reference, Env& env) {
  if (!is_url(reference)) return read_input(reference, env, jose::KeySet::kMaxBytes);
  http::Request request{.url = std::string(reference),
                        .headers = {{"accept", "application/jwk-set+json, application/json"}},
                        .max_body = jose::KeySet::kMaxBytes};
  TRY(request.reach, reach_of(reference, env));
  auto sent = env.http().send(request);
  if (!sent) return or_as_file(std::move(sent).error());
  auto& response = *sent;
  TRY_VOID(oauth::expect_document(response, reference));
  return std::move(response.body);
}

Result<jose::KeySet> read_key_set(std::string_view reference, Env& env) {
  TRY(const auto text, key_set_text(reference, env));
  auto set = jose::KeySet::parse(text);
  if (!set) {
    const bool remote = is_url(reference);
    return std::move(set).error().context(remote ? oauth::shown(reference)
                                                 : text::quoted(reference));
  }
  return set;
}

}  // namespace mcpauth::cli
