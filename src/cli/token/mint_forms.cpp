#include "cli/token/mint_forms.hpp"

#include <algorithm>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/key_input.hpp"
#include "cli/frame/key_sets.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/sources.hpp"
#include "cli/frame/verbose.hpp"
#include "core/base/reason.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/crypto/digest.hpp"
#include "core/identity/ci.hpp"
#include "core/keys/ring.hpp"
#include "core/token/lifetime.hpp"
#include "core/token/mint.hpp"

namespace mcpauth::cli {
namespace {

Error missing(std::string what, std::string hint) {
  return {.code = Errc::usage, .message = "mint needs " + std::move(what), .hint = std::move(hint)};
}

Error nobody() {
  return missing("somebody to mint for",
                 "give --subject-token SRC with the token of your IdP, or --key, --issuer, "
                 "--subject and --org to say it all yourself");
}

/// A flag that has no meaning in the form that the other flags chose: ignoring it would mint
/// something else than was asked for.
Result<void> refuse(bool given, std::string_view flag, std::string_view beside) {
  if (!given) return {};
  return Error{.code = Errc::usage,
               .message = std::string(flag) + " means nothing together with " + std::string(beside),
               .hint = "mcpauth mint --help"};
}

Result<jose::SigningKey> key_of(const MintOptions& options, const config::Config& config,
                                Env& env) {
  if (!options.key.empty()) {
    TRY(auto material, open_key(options.key, options.passphrase, options.alg, env));
    if (material.private_key) {
      log_signing_key(*material.private_key, options.key, env);
      return *std::move(material.private_key);
    }
    return Error{.code = Errc::usage,
                 .message = "`" + options.key + "` is not a private key, and only one can sign"};
  }
  if (!config.issuer || config.issuer->keys.empty()) {
    return missing("a signing key", "give --key SRC, or [issuer] keys in mcpauth.toml");
  }
  TRY(const auto ring, keys::Ring::open(config.issuer->keys));
  TRY(auto key, ring.active_key());
  log_signing_key(key, config.issuer->keys.string(), env);
  return key;
}

Result<std::string> issuer_of(const MintOptions& options, const config::Config& config) {
  if (!options.issuer.empty()) {
    TRY_VOID(check_issuer(options.issuer));
    return options.issuer;
  }
  if (config.issuer && !config.issuer->url.empty()) return config.issuer->url;
  return missing("an issuer", "give --issuer URL, or [issuer] url in mcpauth.toml");
}

std::chrono::seconds longest(const config::Config& config) {
  return config.issuer ? config.issuer->ttl : config::Issuer{}.ttl;
}

/// The log of the configuration, opened. It must stay where it is while the ledger is in use.
struct Book {
  std::optional<AuditLog> log;
  token::Ledger ledger;
};

/// Just before the first record: a log has one writer at a time, and others wait for it.
Result<void> open_book(Book& book, const config::Config& config, Env& env) {
  TRY(auto log, AuditLog::open(config, env));
  book.log.emplace(std::move(log));
  book.ledger.log = book.log->writer();
  book.ledger.request_id = book.log->request_id();
  return {};
}

struct PolicyInForce {
  policy::Engine engine;
  std::string digest;
};

Result<PolicyInForce> policy_in_force(const MintOptions& options, const config::Config& config,
                                      const Env& env) {
  const std::string file = !options.policy.empty() ? options.policy
                           : config.policy         ? config.policy->string()
                                                   : std::string();
  if (file.empty()) {
    return missing("a policy", "give --policy FILE, or [policy] file in mcpauth.toml");
  }
  TRY(auto reading, policy::read(std::filesystem::path(file)));
  std::string digest = digest_of(reading.sources);
  TRY(auto policy, policy::usable(std::move(reading)));
  log_policy(policy, env);
  return PolicyInForce{.engine = policy::Engine(std::move(policy)), .digest = std::move(digest)};
}

/// The pipeline whose own token is meant, if one is.
std::optional<identity::Ci> ci_of(const MintOptions& options, const Env& env) {
  if (options.subject_token == "github") return identity::Ci::github_actions;
  if (options.subject_token == "gitlab") return identity::Ci::gitlab;
  return options.subject_token.empty() ? identity::detect(env.variable) : std::nullopt;
}

/// The token of who asks: by reference, or the pipeline's own.
Result<Secret> subject_token(const MintOptions& options, const std::string& ci_audience, Env& env) {
  const std::string& given = options.subject_token;
  const auto ci = ci_of(options, env);
  if (!ci && !given.empty()) return read_source(given, env, "the subject token");
  if (!ci) return nobody();
  return identity::ci_token(*ci, {.audience = ci_audience}, env.variable, env.http());
}

/// What a pipeline's token should have as `aud`: what the configuration accepts from that CI.
std::string ci_audience(std::optional<identity::Ci> ci, const config::Config& config) {
  const auto preset =
      ci == identity::Ci::gitlab ? identity::Preset::gitlab : identity::Preset::github_actions;
  for (const auto& idp : config.idps) {
    if (idp.preset == preset) return idp.audience.front();
  }
  return config.issuer ? config.issuer->url : std::string();
}

/// The audience given, else the one of the server that the tool is on.
Result<std::string> audience_of(const MintOptions& options, const config::Config& config) {
  if (!options.audience.empty()) return options.audience;
  const auto name = std::string_view(options.tool).substr(0, options.tool.find('/'));
  const auto server = std::ranges::find(config.servers, name, &config::Server::name);
  if (!options.tool.empty() && server != config.servers.end()) {
    if (!server->audience.empty()) return server->audience;
    if (config.proxy) return config.proxy->public_url + server->path;
  }
  return missing("an audience", "give --audience with the server that the token is for");
}

/// What a mint under the policy needs besides a token. It must stay where it is.
struct Desk {
  config::Config config = {};
  std::optional<PolicyInForce> policy = {};
  std::string url = {};
  token::Wanted wanted = {};
  Book book = {};
};

Result<void> set_up(Desk& desk, const MintOptions& options, Env& env) {
  TRY(desk.config, load_settings(env));
  TRY(desk.policy, policy_in_force(options, desk.config, env));
  TRY(desk.url, issuer_of(options, desk.config));
  TRY(desk.wanted.audience, audience_of(options, desk.config));
  if (desk.config.idps.empty()) {
    return Error{.code = Errc::config,
                 .message = "no IdP is trusted, so nobody's token can be verified",
                 .hint = "add [[idp]] to mcpauth.toml, or name the file with -C"};
  }
  TRY_VOID(token::check_scopes(options.scopes));
  desk.wanted.scopes = options.scopes;
  desk.wanted.tool = options.tool;
  desk.wanted.ttl = options.ttl;
  return {};
}

Error wrong_org(const std::string& org, const std::string& wanted) {
  return {.code = Errc::denied,
          .message = "the subject token is of org `" + org + "`, not `" + wanted + "`",
          .reason = reason::kWrongOrg};
}

/// A refusal, once it is in the audit log; where it cannot be written, that is the error.
Error recorded(Error error, const policy::Principal& principal, const Desk& desk, Env& env) {
  if (error.code != Errc::denied) return error;
  auto written = token::record_refusal(principal, desk.wanted, error, desk.book.ledger, *env.clock,
                                       env.random);
  if (!written) return std::move(written).error();
  log_audit(desk.config, env);
  return error;
}

TokenAnswer answer_of(token::Minted minted) {
  TokenAnswer answer;
  answer.token = std::move(minted.token);
  answer.expires = minted.expires;
  answer.claims = std::move(minted.claims);
  return answer;
}

Result<void> add_claim(json::Object& extra, const std::string& text, bool as_json) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Error{.code = Errc::usage,
                 .message = "`" + text + "` is not NAME=VALUE",
                 .hint = "as in --claim team=payroll, or --claim-json 'level=3'"};
  }
  const std::string name = text.substr(0, equals);
  if (extra.find(name) != nullptr) {
    return Error{.code = Errc::usage, .message = "the claim `" + name + "` is given twice"};
  }
  json::Value value(text.substr(equals + 1));
  if (as_json) {
    auto parsed = json::parse(std::string_view(text).substr(equals + 1));
    if (!parsed) {
      Error error = std::move(parsed).error().context("the claim `" + name + "`");
      error.code = Errc::usage;
      return error;
    }
    value = *std::move(parsed);
  }
  extra.set(name, std::move(value));
  return {};
}

Result<token::Claims> claims_of(const MintOptions& options, const config::Config& config) {
  TRY(std::string issuer, issuer_of(options, config));
  if (options.audience.empty()) return missing("an audience", "give --audience A");
  if (options.org.empty()) {
    return missing("an organisation", "give --org O: every token belongs to one");
  }
  token::Claims claims{.issuer = std::move(issuer),
                       .subject = options.subject,
                       .audience = options.audience,
                       .client_id = options.client_id.empty() ? "mcpauth" : options.client_id,
                       .org = options.org,
                       .scopes = options.scopes};
  for (const auto& claim : options.claims)
    TRY_VOID(add_claim(claims.extra, claim, false));
  for (const auto& claim : options.json_claims)
    TRY_VOID(add_claim(claims.extra, claim, true));
  TRY_VOID(token::check(claims));
  return claims;
}

/// Without a configuration only the bounds of every token apply.
Result<std::chrono::seconds> ttl_of(const MintOptions& options, const config::Config& config) {
  std::vector<token::Cap> caps;
  if (config.issuer) caps.push_back({config.issuer->ttl, "the issuer's ttl"});
  const bool free = !options.ttl && !config.issuer;
  return token::choose_ttl(free ? longest(config) : options.ttl, caps);
}

}  // namespace

Result<TokenAnswer> mint_by_policy(const MintOptions& options, Env& env) {
  constexpr std::string_view kBeside = "--subject-token";
  TRY_VOID(refuse(!options.claims.empty() || !options.json_claims.empty(), "--claim", kBeside));
  TRY_VOID(refuse(!options.client_id.empty(), "--client-id", kBeside));
  TRY_VOID(refuse(!options.client_secret.empty(), "--client-secret", kBeside));
  TRY_VOID(refuse(!options.tool.empty() && !options.scopes.empty(), "--scope", "--for-tool"));
  if (options.subject_token.empty() && !identity::detect(env.variable)) return nobody();
  // Whatever is wrong with the set-up comes before the token is asked for or looked at.
  Desk desk;
  TRY_VOID(set_up(desk, options, env));
  const auto ci_aud = ci_audience(ci_of(options, env), desk.config);
  TRY(const Secret token, subject_token(options, ci_aud, env));

  identity::Directory directory(desk.config.idps, env.http(), *env.clock);
  auto who = directory.identify(token.reveal_text());
  TRY_VOID(open_book(desk.book, desk.config, env));
  desk.book.ledger.policy = desk.policy->digest;
  if (!who) return recorded(std::move(who).error(), {}, desk, env);
  log_principal(who->principal, desk.config, desk.policy->engine, env);
  const auto& org = who->principal.org;
  if (!options.org.empty() && org != options.org) {
    return recorded(wrong_org(org, options.org), who->principal, desk, env);
  }
  auto order = token::decide(*who, desk.policy->engine, desk.wanted,
                             {.url = desk.url, .ttl = longest(desk.config)}, env.now());
  if (!order) return recorded(std::move(order).error(), who->principal, desk, env);
  TRY(const auto key, key_of(options, desk.config, env));
  TRY(auto minted, token::mint(*order, key, desk.book.ledger, *env.clock, env.random));
  log_audit(desk.config, env);
  return answer_of(std::move(minted));
}

Result<TokenAnswer> mint_from_claims(const MintOptions& options, Env& env) {
  constexpr std::string_view kBeside = "--subject";
  TRY_VOID(refuse(!options.subject_token.empty(), "--subject-token", kBeside));
  TRY_VOID(refuse(!options.policy.empty(), "--policy", kBeside));
  TRY_VOID(refuse(!options.tool.empty(), "--for-tool", kBeside));
  TRY_VOID(refuse(!options.client_secret.empty(), "--client-secret", kBeside));
  TRY(const config::Config config, load_settings(env));
  TRY(auto claims, claims_of(options, config));
  TRY(const auto ttl, ttl_of(options, config));
  TRY(const auto key, key_of(options, config, env));
  Book book;
  TRY_VOID(open_book(book, config, env));
  const token::Order order{.claims = std::move(claims), .ttl = ttl};
  TRY(auto minted, token::mint(order, key, book.ledger, *env.clock, env.random));
  log_audit(config, env);
  return answer_of(std::move(minted));
}

Result<TokenAnswer> mint_by_exchange(const MintOptions& options, Env& env) {
  constexpr std::string_view kBeside = "--from";
  TRY_VOID(refuse(!options.subject.empty(), "--subject", kBeside));
  TRY_VOID(refuse(!options.key.empty(), "--key", kBeside));
  TRY_VOID(refuse(!options.issuer.empty(), "--issuer", kBeside));
  TRY_VOID(refuse(!options.policy.empty(), "--policy", kBeside));
  TRY_VOID(refuse(!options.tool.empty(), "--for-tool", kBeside));
  TRY_VOID(refuse(!options.org.empty(), "--org", kBeside));
  TRY_VOID(refuse(options.ttl.has_value(), "--ttl", kBeside));
  TRY_VOID(refuse(!options.claims.empty() || !options.json_claims.empty(), "--claim", kBeside));
  if (options.audience.empty()) return missing("an audience", "give --audience A");
  TRY(const auto reach, reach_of(options.from, env));

  oauth::Exchange ask;
  TRY(ask.subject_token, subject_token(options, options.from, env));
  TRY(ask.endpoint, oauth::token_endpoint(options.from, reach, env.http()));
  ask.reach = reach;
  ask.subject_type = options.subject_type;
  ask.audiences = {options.audience};
  ask.scopes = options.scopes;
  ask.client_id = options.client_id;
  if (!options.client_secret.empty()) {
    TRY(ask.client_secret, read_source(options.client_secret, env, "the client secret"));
  }
  TRY(auto exchanged, oauth::exchange(ask, env.http()));
  if (exchanged.expires_in && *exchanged.expires_in > token::kMaxTtl) {
    note(env, "the token lives " + time::format_duration(*exchanged.expires_in) +
                  ", longer than any of ours");
  }
  if (!exchanged.scope.empty()) {  // RFC 6749 section 5.1: said where it differs
    note(env, for_reader("scopes given: " + exchanged.scope));
  }
  TokenAnswer answer;
  answer.token = std::move(exchanged.access_token);
  if (exchanged.expires_in) answer.expires = env.now() + *exchanged.expires_in;
  return answer;
}

}  // namespace mcpauth::cli
