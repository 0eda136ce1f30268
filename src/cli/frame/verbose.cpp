#include "cli/frame/verbose.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/codec/text.hpp"
#include "core/http/client.hpp"
#include "core/oauth/answer.hpp"

namespace mcpauth::cli {
namespace {

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string at(const policy::Place& place) {
  return place.file + ":" + std::to_string(place.span.line);
}

/// Writes from the thread that asks; a key source has one of them ask at a time.
class LoggingClient final : public http::Client {
 public:
  LoggingClient(std::function<http::Client&()> client, const Env& env)
      : client_(std::move(client)), env_(env) {}

  Result<http::Response> send(const http::Request& request) override {
    const auto start = env_.clock->ticks();
    auto response = client_().send(request);
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(env_.clock->ticks() - start);
    const std::string result =
        !response ? "no answer"
        : response->status == 304
            ? "304, not changed"
            : std::to_string(response->status) + ", " + counted(response->body.size(), "byte");
    detail(env_, "http",
           request.method + " " + oauth::shown(request.url) + ": " + result + ", " +
               std::to_string(took.count()) + " ms");
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
    detail(env, "config", text::quoted(known.variable) + " sets " + std::string(known.setting));
  }
}

void log_policy(const policy::Policy& policy, const Env& env) {
  detail(env, "policy",
         text::quoted(policy.file) + ", " + counted(policy.roles.size(), "role") + ", " +
             counted(policy.grants.size(), "grant") + ", " +
             counted(policy.tools.size(), "tool pattern"));
}

void log_principal(const policy::Principal& who, const config::Config& config,
                   const policy::Engine& engine, const Env& env) {
  const auto idp = std::ranges::find(config.idps, who.idp, &identity::Settings::name);
  const std::string issuer = idp == config.idps.end() ? "" : " (" + idp->issuer + ")";
  detail(env, "idp",
         text::quoted(who.idp) + issuer + ": subject " + text::quoted(who.subject) + ", org " +
             text::quoted(who.org) + ", " + counted(who.groups.size(), "group"));
  if (!env.globals.verbose) return;
  std::string roles;
  for (const auto& held : engine.roles(who, env.now())) {
    roles += (roles.empty() ? "" : ", ") + text::quoted(held.role->name.value) +
             " by the grant at " + at(held.grant->place);
  }
  detail(env, "roles", roles.empty() ? "none is held" : roles);
}

void log_signing_key(const jose::SigningKey& key, std::string_view place, const Env& env) {
  detail(env, "key",
         text::quoted(key.kid) + ", " + std::string(crypto::name(key.alg)) + ", of " +
             text::quoted(place));
}

void log_verification(const jose::Report& report, jose::KeySource& keys, std::string_view place,
                      const Env& env) {
  if (!env.globals.verbose) return;
  if (const auto set = keys.keys()) {
    detail(env, "keys",
           counted((*set)->keys().size(), "key") + " of " + text::quoted(place) + ", " +
               std::to_string((*set)->skipped().size()) + " skipped");
  }
  const auto check = [&](std::string_view name) {
    return std::ranges::find(report.checks, name, &jose::Check::name);
  };
  const auto signature = check("signature");
  if (signature->outcome == jose::Outcome::skip) {
    detail(env, "key", "none was asked");
    return;
  }
  const bool good = signature->outcome == jose::Outcome::pass;
  detail(env, "key",
         (report.kid.empty() ? "the only one that fits" : text::quoted(report.kid)) + ", " +
             check("alg")->detail + (good ? ", made" : ", did not make") + " the signature");
}

void log_audit(const config::Config& config, const Env& env) {
  detail(env, "audit",
         config.audit ? "recorded in " + text::quoted(config.audit->file.string())
                      : "no log is configured");
}

void log_output(std::string_view form, const Env& env) {
  const bool is_stdout = env.globals.output == "-";
  detail(env, "output",
         std::string(form) + " to " + (is_stdout ? "stdout" : text::quoted(env.globals.output)));
}

std::function<http::Client&()> logging_client(std::function<http::Client&()> client,
                                              const Env& env) {
  const auto told = std::make_shared<LoggingClient>(std::move(client), env);
  return [told]() -> http::Client& { return *told; };
}

}  // namespace mcpauth::cli
