#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/key_sets.hpp"
#include "cli/frame/output.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/identity/issuer_keys.hpp"
#include "core/oauth/metadata.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string url;
};

using Keys = Result<std::shared_ptr<const jose::KeySet>>;

Keys keys_of(const oauth::Metadata& metadata, const http::Reach& reach, Env& env) {
  if (metadata.jwks_uri.empty()) {
    return Error{
        .code = Errc::input,
        .message = text::format("the metadata of `{}` has no `jwks_uri`", metadata.issuer)};
  }
  return identity::jwks_url_keys(metadata.jwks_uri, reach, env.http(), *env.clock)->keys();
}

/// The key set at the URL, or else that of the issuer with this URL.
Keys fetch_keys(const std::string& url, Env& env) {
  if (!is_url(url)) {
    return Error{.code = Errc::usage,
                 .message = text::format("`{}` is not a URL", url),
                 .hint = "read a file with `mcpauth keys inspect`"};
  }
  TRY(const auto reach, reach_of(url, env));
  const auto direct = identity::jwks_url_keys(url, reach, env.http(), *env.clock);
  auto keys = direct->keys();
  if (keys) return keys;
  detail(env, "keys", text::format("there is no key set at the URL: {}", keys.error().message));
  const auto metadata = oauth::discover(url, reach, env.http());
  if (metadata) return keys_of(*metadata, reach, env);
  if (metadata.error().reason == reason::kWrongIssuer) {
    auto error = metadata.error();
    error.why = text::format("nor is it a key set: {}", keys.error().message);
    return error;
  }
  auto cause = std::move(keys).error();
  cause.why += cause.why.empty() ? "" : "; ";
  cause.why += "nor is it an issuer: " + metadata.error().message;
  return cause;
}

void print_text(const jose::KeySet& set, Env& env) {
  for (const auto& key : set.skipped()) {
    note(env, for_reader(text::format("skipped key {} {} ({}): {}", key.index + 1,
                                      text::excerpt(key.kid), key.reason, key.message)));
  }
  const auto document = json::parse(set.to_json());
  env.out << (document ? json::write_pretty(*document) : set.to_json()) << '\n';
}

void print_document(const std::string& url, const jose::KeySet& set, Env& env) {
  json::Array keys;
  if (const auto document = json::parse(set.to_json())) {
    if (const auto* list = document->find("keys")) keys = *list->array();
  }
  json::Array skipped;
  for (const auto& key : set.skipped()) {
    skipped.emplace_back(json::Object{{"index", static_cast<std::uint64_t>(key.index)},
                                      {"kid", key.kid},
                                      {"reason", key.reason},
                                      {"message", text::shortened(key.message)}});
  }
  print_json(env, json::Object{{"schema", "mcpauth.jwks.fetch/1"},
                               {"url", url},
                               {"keys", std::move(keys)},
                               {"skipped", std::move(skipped)}});
}

Result<Exit> fetch(const Options& options, Env& env) {
  TRY(const auto set, fetch_keys(options.url, env));
  if (env.globals.json) {
    print_document(options.url, *set, env);
  } else {
    print_text(*set, env);
  }
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("URL", "The URL of a key set, or an issuer", options->url);
  return [options](Env& env) { return fetch(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth jwks fetch https://acme.okta.com/oauth2/default", "the keys of an issuer"},
    {"mcpauth jwks fetch https://www.googleapis.com/oauth2/v3/certs -o keys.json",
     "keep a set in a file"},
};

}  // namespace

extern const Command kJwksFetch;
constinit const Command kJwksFetch = {
    .path = "jwks fetch",
    .summary = "Fetch the key set of a URL or an issuer",
    .description =
        "Fetches a key set in the same way as `verify`: with limits on time and size, and without "
        "redirects. Private addresses are refused, except this machine if the URL names it, and "
        "the networks of an [[idp]] at the same origin. The URL may be that of the key set, or of "
        "an issuer whose metadata names it. Prints the keys that can be used; keys that are "
        "skipped are listed on stderr with the reason.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
