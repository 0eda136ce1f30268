#include "cli/frame/verbose.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/http/client.hpp"
#include "core/oauth/answer.hpp"

namespace mcpauth::cli {
namespace {

std::string at(const policy::Place& place) {
  return text::format("{}:{}", place.file, place.span.line);
}

std::string outcome_of(const Result<http::Response>& response) {
  if (!response) return "no answer";
  if (response->status == 304) return "304, not changed";
  return text::format("{}, {}", response->status, text::count_of(response->body.size(), "byte"));
}

/// Logs from the thread that sends. A key source sends one request at a time.
class LoggingClient final : public http::Client {
 public:
  LoggingClient(std::function<http::Client&()> client, const Env& env)
      : client_(std::move(client)), env_(env) {}

  Result<http::Response> send(const http::Request& request) override {
    const auto start = env_.clock->ticks();
    auto response = client_().send(request);
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(env_.clock->ticks() - start);
    detail(env_, "http",
           text::format("{} {}: {}, {} ms", request.method, oauth::shown(request.url),
                        outcome_of(response), took.count()));
    return response;
  }

 private:
  std::function<http::Client&()> client_;
  const Env& env_;
};

}  // namespace

void log_config(const config::Config& config, const Env& env) {
  detail(env, "config", config.file.empty() ? "no file is in force" : text::quoted(config.file));
  for (const auto& known : setting_variables()) {
    if (env.variable(known.variable).value_or("").empty()) continue;
    detail(env, "config", text::format("`{}` sets {}", known.variable, known.setting));
  }
}

void log_policy(const policy::Policy& policy, const Env& env) {
  detail(env, "policy",
         text::format("`{}`, {}, {}, {}", policy.file, text::count_of(policy.roles.size(), "role"),
                      text::count_of(policy.grants.size(), "grant"),
                      text::count_of(policy.tools.size(), "tool pattern")));
}

void log_principal(const policy::Principal& who, const config::Config& config,
                   const policy::Engine& engine, const Env& env) {
  const auto idp = std::ranges::find(config.idps, who.idp, &identity::Settings::name);
  const auto issuer = idp == config.idps.end() ? "" : text::format(" ({})", idp->issuer);
  detail(env, "idp",
         text::format("`{}`{}: subject `{}`, org `{}`, {}", who.idp, issuer, who.subject, who.org,
                      text::count_of(who.groups.size(), "group")));
  if (!env.globals.verbose) return;
  std::vector<std::string> roles;
  for (const auto& held : engine.roles(who, env.now())) {
    roles.push_back(
        text::format("`{}` by the grant at {}", held.role->name.value, at(held.grant->place)));
  }
  detail(env, "roles", roles.empty() ? "none is held" : text::join(roles, ", "));
}

void log_signing_key(const jose::SigningKey& key, std::string_view place, const Env& env) {
  detail(env, "key", text::format("`{}`, {}, of `{}`", key.kid, crypto::name(key.alg), place));
}

void log_verification(const jose::Report& report, jose::KeySource& keys, std::string_view place,
                      const Env& env) {
  if (!env.globals.verbose) return;
  if (const auto set = keys.keys()) {
    detail(env, "keys",
           text::format("{} of `{}`, {} skipped", text::count_of((*set)->keys().size(), "key"),
                        place, (*set)->skipped().size()));
  }
  const auto check = [&](std::string_view name) {
    return std::ranges::find(report.checks, name, &jose::Check::name);
  };
  const auto signature = check("signature");
  if (signature->outcome == jose::Outcome::skip) {
    detail(env, "key", "none was looked up");
    return;
  }
  const auto kid = report.kid.empty() ? "the only one that fits" : text::quoted(report.kid);
  const bool good = signature->outcome == jose::Outcome::pass;
  detail(env, "key",
         text::format("{}, {}, {} the signature", kid, check("alg")->detail,
                      good ? "made" : "did not make"));
}

void log_audit(const config::Config& config, const Env& env) {
  detail(env, "audit",
         config.audit ? text::format("recorded in `{}`", config.audit->file.string())
                      : "no log is configured");
}

void log_output(std::string_view form, const Env& env) {
  const auto& file = env.globals.output;
  detail(env, "output",
         text::format("{} to {}", form, file == "-" ? "stdout" : text::quoted(file)));
}

std::function<http::Client&()> logging_client(std::function<http::Client&()> client,
                                              const Env& env) {
  const auto logging = std::make_shared<LoggingClient>(std::move(client), env);
  return [logging]() -> http::Client& { return *logging; };
}

}  // namespace mcpauth::cli
