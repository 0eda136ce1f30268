#include "core/identity/ci.hpp"

#include <utility>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/url.hpp"

namespace mcpauth::identity {
namespace {

constexpr std::string_view kUrl = "ACTIONS_ID_TOKEN_REQUEST_URL";
constexpr std::string_view kBearer = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
constexpr std::size_t kMaxAnswer = 65'536;

/// Overwrites a string that holds a secret when the scope ends.
struct Wiped {
  std::string& text;
  ~Wiped() { wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); }
};

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || text::is_digit(c) ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return out;
}

Error config_error(std::string message, std::string hint) {
  return {.code = Errc::config, .message = std::move(message), .hint = std::move(hint)};
}

Result<http::Request> github_request(const CiRequest& request, const Variables& variable) {
  const auto url = variable(kUrl);
  auto bearer = variable(kBearer);
  if (!url || url->empty() || !bearer || bearer->empty()) {
    return config_error("this GitHub job may not ask for an OIDC token",
                        "add `permissions: { id-token: write, contents: read }` to the job or the "
                        "workflow; runs on pull requests of forks never get one");
  }
  const Wiped wiped{*bearer};
  if (request.audience.empty()) {
    return config_error("no audience to ask GitHub for",
                        "set `audience` in the [[idp]] with preset github-actions");
  }
  TRY(const auto parsed, Url::parse(*url));
  http::Request ask;
  ask.reach = request.allow_loopback ? http::Reach::loopback_too : http::Reach::internet;
  if (!http::may_ask(parsed, ask.reach)) {
    return config_error(text::format("variable `{}` is not an https URL", kUrl),
                        "it is set by the runner; nothing else should set it");
  }
  ask.url =
      *url + (parsed.query.empty() ? "?" : "&") + "audience=" + percent_encoded(request.audience);
  ask.headers = {{"Accept", "application/json"}};
  std::string credentials = "Bearer " + *bearer;
  const Wiped wiped_too{credentials};
  ask.authorization = Secret::copy_of(credentials);
  ask.max_body = kMaxAnswer;
  return ask;
}

// The answer is not quoted in errors: it may contain the token.
Result<Secret> token_from(std::string& body) {
  const Wiped wiped{body};
  auto answer = json::parse(body, {.bytes = kMaxAnswer, .depth = 8, .values = 64});
  const auto* value = answer && answer->object() != nullptr ? answer->find("value") : nullptr;
  if (value == nullptr || value->string() == nullptr || value->string()->empty()) {
    return Error{.code = Errc::network, .message = "GitHub's answer has no token (`value`)"};
  }
  return Secret::copy_of(*value->string());
}

Result<Secret> github_token(const CiRequest& request, const Variables& variable,
                            http::Client& http) {
  auto ask = github_request(request, variable);
  if (!ask) return std::move(ask).error().context("OIDC token of this GitHub job");
  auto response = http.send(*ask);
  if (!response) return std::move(response).error().context("ask GitHub for an OIDC token");
  if (response->status != 200) {
    return Error{.code = response->status >= 500 ? Errc::network : Errc::denied,
                 .message = text::format("GitHub answered {} when asked for an OIDC token",
                                         response->status),
                 .hint =
                     "the request token of a job ends with its job; check `permissions: "
                     "id-token: write`, then run the job again"};
  }
  return token_from(response->body);
}

Result<Secret> gitlab_token(const CiRequest& request, const Variables& variable) {
  auto token = variable(request.gitlab_variable);
  if (!token || token->empty()) {
    const auto audience = request.audience.empty() ? "api://mcpauth" : request.audience;
    return config_error(
        text::format("this GitLab job has no variable `{}`", request.gitlab_variable),
        text::format(
            "give the job an ID token in .gitlab-ci.yml: `id_tokens: {{ {}: {{ aud: \"{}\" }} }}`",
            request.gitlab_variable, audience));
  }
  const Wiped wiped{*token};
  return Secret::copy_of(*token);
}

bool is_true(const Variables& variable, std::string_view name) {
  return variable(name) == "true";
}

}  // namespace

std::string_view name(Ci ci) {
  return ci == Ci::github_actions ? "github" : "gitlab";
}

std::optional<Ci> detect(const Variables& variable) {
  if (is_true(variable, "GITHUB_ACTIONS")) return Ci::github_actions;
  if (is_true(variable, "GITLAB_CI")) return Ci::gitlab;
  return std::nullopt;
}

Result<Secret> ci_token(Ci ci, const CiRequest& request, const Variables& variable,
                        http::Client& http) {
  return ci == Ci::github_actions ? github_token(request, variable, http)
                                  : gitlab_token(request, variable);
}

}  // namespace mcpauth::identity
