#include <memory>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/serving.hpp"
#include "core/base/file.hpp"
#include "core/dev/idp/service.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string listen = "127.0.0.1:9400";
  std::string users;
  std::string keys;
  std::string audience = "mcpauth";
};

Result<dev::idp::Users> users_of(const Options& options) {
  if (options.users.empty()) return dev::idp::default_users();
  TRY(const auto text, read_file(options.users));
  return dev::idp::parse_users(text, options.users);
}

Result<jose::SigningKey> key_of(const Options& options) {
  if (options.keys.empty()) return dev::idp::throwaway_key();
  TRY(const auto ring, keys::Ring::open(options.keys));
  return ring.active_key();
}

Result<Exit> serve(const Options& options, Env& env) {
  TRY(auto where, server_options(options.listen, {}, {}));
  where.threads = 1;
  TRY(auto users, users_of(options));
  TRY(auto key, key_of(options));
  dev::idp::Options provider{.audience = options.audience, .users = std::move(users)};
  TRY(const auto idp,
      dev::idp::Service::open(std::move(where), std::move(provider), std::move(key), *env.clock));
  note(env, "not for production: anybody on this machine can get a token for any user");
  idp->server().catch_signals();
  TRY_VOID(announce("mcpauth.dev.idp/1", idp->issuer(), env));
  idp->server().run(true);
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  auto& listen = spec.value("--listen", "ADDRESS", "Loopback address and port", o->listen);
  listen.default_text = "127.0.0.1:9400";
  spec.value("--users", "FILE", "TOML file with a [users.NAME] table for each user", o->users)
      .completes = Completes::file;
  spec.value("--keys", "DIR", "Key ring whose active key signs; without it a new key is made",
             o->keys)
      .completes = Completes::directory;
  auto& audience = spec.value("--audience", "AUDIENCE",
                              "Audience of a token when the request names none", o->audience);
  audience.default_text = "mcpauth";
  return [o](Env& env) { return serve(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth dev idp", "start it with the users alice, bob, eve and nogroups"},
    {"mcpauth dev idp --users users.toml --listen 127.0.0.1:0", "with your users, on a free port"},
    {"mcpauth dev idp & mcpauth dev token alice", "get a token from it"},
};

}  // namespace

extern const Command kDevIdp;
constinit const Command kDevIdp = {
    .path = "dev idp",
    .summary = "Run an OpenID provider for development",
    .description =
        "Runs an identity provider on this machine in place of the company's. It serves discovery "
        "and a key set, and POST /dev/token returns a token for any user that it knows, without a "
        "password. It listens on loopback only and is not for production. The first line of output "
        "is the issuer.\n\n"
        "A user in the file has `groups` (a list), `org_id` and `email`, all optional. Tokens live "
        "15 minutes at most and fit an [[idp]] with the preset `generic`.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
