#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/usage.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/dev/idp/fetch.hpp"
#include "core/token/lifetime.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string issuer = "http://127.0.0.1:9400";
  dev::idp::TokenRequest request = {.user = {}, .type = "access"};
};

Error too_long() {
  const auto most = time::format_duration(token::kMaxTtl);
  return usage(text::format("a token lives {} at most", most));
}

Result<Exit> fetch(const Options& options, Env& env) {
  TRY(const auto token, dev::idp::fetch_token(options.issuer, options.request, env.http()));
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.dev.token/1"}, {"token", token}});
  } else {
    env.out << token << '\n';
  }
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.argument("USER", "User that the token is for", o->request.user);
  auto& issuer = spec.value("--issuer", "URL", "The running `mcpauth dev idp`", o->issuer);
  issuer.default_text = "http://127.0.0.1:9400";
  spec.value("-a,--audience", "AUDIENCE", "Audience of the token", o->request.audience)
      .default_text = "the provider's";
  auto& ttl = spec.custom("--ttl", "DURATION", "How long it lives, 15m at most",
                          [o](std::string_view text) -> Result<void> {
                            TRY(const auto asked, time::parse_duration(text));
                            if (asked > token::kMaxTtl) return too_long();
                            o->request.ttl = std::to_string(asked.count());
                            return {};
                          });
  ttl.default_text = "15m";
  auto& type = spec.value("--type", "TYPE", "Access token or ID token", o->request.type);
  type.choices = {"access", "id"};
  type.default_text = "access";
  return [o](Env& env) { return fetch(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth dev token alice", "print a token of the user alice"},
    {"mcpauth dev token alice | mcpauth mint --subject-token - --audience https://hr.internal",
     "exchange it for a short-lived JWT under your policy"},
};

}  // namespace

extern const Command kDevToken;
constinit const Command kDevToken = {
    .path = "dev token",
    .summary = "Get a token from a running `mcpauth dev idp`",
    .description = "Prints only the token. Asks only a provider on loopback.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
