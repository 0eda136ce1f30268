#include <chrono>
#include <memory>
#include <ostream>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/serving.hpp"
#include "cli/frame/settings.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/time.hpp"
#include "core/keys/jwks_endpoint.hpp"
#include "core/keys/key_watch.hpp"

namespace mcpauth::cli {
namespace {

using keys::KeyPlace;

/// A rotation publishes a new key for ten minutes before it signs (`keys rotate`). A cache that
/// keeps the old set for more than half of that may not have the key in time.
constexpr std::chrono::seconds kSafeMaxAge{300};
constexpr std::chrono::seconds kLongestMaxAge{86'400};

struct Options {
  std::string keys;
  std::string jwks;
  std::string listen = "127.0.0.1:8700";
  std::string issuer;
  std::string tls_certificate;
  std::string tls_key;
  std::chrono::seconds max_age = kSafeMaxAge;
};

struct Source {
  KeyPlace place;
  std::string issuer;
};

/// Where the keys are, by the flags or else by [issuer] of the configuration.
Result<Source> source_of(const Options& options, const config::Config& config) {
  if (!options.keys.empty() && !options.jwks.empty()) {
    return Error{.code = Errc::usage,
                 .message = "both --keys and --jwks are given",
                 .hint = "publish either a key ring or a file"};
  }
  if (!options.keys.empty()) return Source{{KeyPlace::Kind::ring, options.keys}, options.issuer};
  if (!options.jwks.empty()) return Source{{KeyPlace::Kind::file, options.jwks}, options.issuer};
  if (!config.issuer || config.issuer->keys.empty()) {
    return Error{.code = Errc::usage,
                 .message = "there are no keys to publish",
                 .hint = "give --keys DIR or --jwks FILE, or set [issuer] keys in mcpauth.toml"};
  }
  return Source{{KeyPlace::Kind::ring, config.issuer->keys},
                options.issuer.empty() ? config.issuer->url : options.issuer};
}

Result<std::chrono::seconds> parse_max_age(std::string_view text) {
  const bool bare = text.find_first_not_of("0123456789") == std::string_view::npos;
  TRY(const auto age, time::parse_duration(text::format("{}{}", text, bare ? "s" : "")));
  if (age <= kLongestMaxAge) return age;
  return Error{.code = Errc::usage, .message = "it is longer than a day"};
}

void warn(const Options& options, const net::ServerOptions& where, Env& env) {
  if (options.max_age > kSafeMaxAge) {
    note(env,
         text::format("caches may keep this set for {}: a key must be published for twice that "
                      "time before it signs",
                      time::format_duration(options.max_age)));
  }
  if (!where.tls && !is_loopback(where.address)) {
    note(env,
         "without TLS anybody on the network path can replace the keys: give --tls-cert and "
         "--tls-key, or put a proxy with TLS in front of this server");
  }
}

/// Records what is published; `jti` lists the key ids. The log is opened for this record only: a
/// server that signs nothing must not lock others out of it.
Result<void> record_keys(std::string event, const jose::KeySet& keys, const config::Config& config,
                         Env& env) {
  auto record = operator_record(std::move(event));
  std::vector<std::string_view> kids;
  for (const auto& key : keys.keys())
    kids.push_back(key.kid);
  record.jti = text::join(kids, " ");
  return record_event(std::move(record), config, env);
}

Result<Exit> serve(const Options& options, Env& env) {
  if (!options.issuer.empty()) TRY_VOID(check_issuer(options.issuer));
  TRY(const auto config, load_settings(env));
  TRY(const auto source, source_of(options, config));
  TRY(const auto keys, keys::load_keys(source.place));
  TRY(const auto endpoint,
      keys::JwksEndpoint::make({.issuer = source.issuer, .max_age = options.max_age}, keys));
  TRY(auto where, server_options(options.listen, options.tls_certificate, options.tls_key));
  const std::string address = where.address;
  const bool tls = where.tls != nullptr;
  warn(options, where, env);
  net::raise_descriptor_limit();
  TRY(const auto server, net::Server::open(std::move(where), *endpoint));
  const auto url = base_url(address, server->port(), tls) + "/.well-known/jwks.json";
  TRY_VOID(record_keys("jwks.serve", keys, config, env));
  server->catch_signals();
  TRY_VOID(announce("mcpauth.jwks.serve/1", url, env));
  keys::KeyWatch watch(source.place, keys,
                       {.publish = [&](const jose::KeySet& changed) -> Result<void> {
                          TRY_VOID(record_keys("jwks.publish", changed, config, env));
                          endpoint->update(changed);
                          note(env, text::format("keys changed: {} published",
                                                 text::count_of(changed.keys().size(), "key")));
                          return {};
                        },
                        .complain =
                            [&](const Error& error) {
                              note(env, text::format("the last good keys stay published: {}",
                                                     for_reader(error.message)));
                            }});
  server->run(true, [&] { watch.look(); });
  TRY_VOID(record_keys("jwks.stop", {}, config, env));
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.value("--keys", "DIR", "Key ring to publish", o->keys).completes = Completes::directory;
  spec.value("--jwks", "FILE", "JWKS, JWK or public PEM to publish instead", o->jwks).completes =
      Completes::file;
  auto& listen = spec.value("--listen", "ADDRESS", "Address and port to listen on", o->listen);
  listen.default_text = "127.0.0.1:8700";
  spec.value("--issuer", "URL", "Also publish the metadata of this issuer", o->issuer);
  auto& age = spec.custom("--cache-max-age", "SECONDS", "How long caches may keep the key set",
                          [o](std::string_view text) -> Result<void> {
                            TRY(o->max_age, parse_max_age(text));
                            return {};
                          });
  age.default_text = "300";
  spec.value("--tls-cert", "FILE", "PEM certificate chain, to serve HTTPS", o->tls_certificate)
      .completes = Completes::file;
  spec.value("--tls-key", "FILE", "The private key of the certificate, readable only by you",
             o->tls_key)
      .completes = Completes::file;
  return [o](Env& env) { return serve(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth jwks serve --keys keys", "publish a key ring at 127.0.0.1:8700"},
    {"mcpauth jwks serve --keys keys --issuer https://auth.example.com", "with the metadata"},
    {"mcpauth jwks serve --jwks public.jwks --listen :0",
     "on any free port; the first line of output has it"},
};

}  // namespace

extern const Command kJwksServe;
constinit const Command kJwksServe = {
    .path = "jwks serve",
    .summary = "Publish public keys over HTTP",
    .description =
        "Serves /.well-known/jwks.json and, with an issuer, its metadata at "
        "/.well-known/oauth-authorization-server and /.well-known/openid-configuration. Only "
        "public members are published. Without --keys and --jwks the keys and the issuer are those "
        "of the configuration.\n\n"
        "The first line of output is the URL. The ring or file is read again when it changes and "
        "on SIGHUP; if it is broken, the last good keys stay published. After SIGINT or SIGTERM "
        "the server finishes running requests; a second signal ends it at once.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
