#include "cli/token/mint_forms.hpp"

#include <algorithm>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/key_input.hpp"
#include "cli/frame/key_sets.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/sources.hpp"
#include "cli/frame/usage.hpp"
#include "cli/frame/verbose.hpp"
#include "cli/token/mint_claims.hpp"
#include "core/base/ttl.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/identity/ci.hpp"
#include "core/issuer/issuer.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

Error no_subject() {
  return mint_needs("somebody to mint for",
                    "give --subject-token SRC with the token of your IdP, or --key, --issuer, "
                    "--subject and --org to give the claims yourself");
}

/// A flag that has no meaning in the form that the other flags chose. To ignore it would mint
/// something else than was asked for.
Result<void> refuse(bool given, std::string_view flag, std::string_view beside) {
  if (!given) return {};
  return usage(text::format("{} means nothing together with {}", flag, beside),
               "mcpauth mint --help");
}

Result<jose::SigningKey> signing_key(const MintOptions& options, const config::Config& config,
                                     Env& env) {
  if (!options.key.empty()) {
    TRY(auto material, open_key(options.key, options.passphrase, options.alg, env));
    if (material.private_key) {
      log_signing_key(*material.private_key, options.key, env);
      return *std::move(material.private_key);
    }
    return Error{
        .code = Errc::usage,
        .message = text::format("`{}` is not a private key, and only one can sign", options.key)};
  }
  if (!config.issuer || config.issuer->keys.empty()) {
    return mint_needs("a signing key", "give --key SRC, or [issuer] keys in mcpauth.toml");
  }
  TRY(const auto ring, keys::Ring::open(config.issuer->keys));
  TRY(auto key, ring.active_key());
  log_signing_key(key, config.issuer->keys.string(), env);
  return key;
}

Result<std::string> issuer_url(const MintOptions& options, const config::Config& config) {
  if (!options.issuer.empty()) {
    TRY_VOID(check_issuer(options.issuer));
    return options.issuer;
  }
  if (config.issuer && !config.issuer->url.empty()) return config.issuer->url;
  return mint_needs("an issuer", "give --issuer URL, or [issuer] url in mcpauth.toml");
}

Result<std::shared_ptr<const issuer::PolicyInForce>> policy_in_force(const MintOptions& options,
                                                                     const config::Config& config,
                                                                     const Env& env) {
  if (options.policy.empty() && !config.policy) {
    return mint_needs("a policy", "give --policy FILE, or [policy] file in mcpauth.toml");
  }
  TRY(auto policy,
      issuer::load_policy(options.policy.empty() ? *config.policy
                                                 : std::filesystem::path(options.policy)));
  log_policy(policy.engine.policy(), env);
  return std::make_shared<const issuer::PolicyInForce>(std::move(policy));
}

issuer::Audiences audiences_of(const config::Config& config) {
  issuer::Audiences audiences;
  for (const auto& server : config.servers) {
    if (!server.audience.empty()) {
      audiences.emplace(server.name, server.audience);
    } else if (config.proxy) {
      audiences.emplace(server.name, config.proxy->public_url + server.path);
    }
  }
  return audiences;
}

/// What the configuration and the flags say about the issuer. Everything but the directory of IdPs,
/// which needs an HTTP client.
Result<issuer::Settings> issuer_settings(const MintOptions& options, const config::Config& config,
                                         Env& env) {
  issuer::Settings settings;
  TRY(settings.policy, policy_in_force(options, config, env));
  TRY(settings.terms.url, issuer_url(options, config));
  settings.terms.ttl = config.issuer.value_or(config::Issuer{}).ttl;
  settings.audiences = audiences_of(config);
  settings.key = [&options, &config, &env]() -> Result<std::shared_ptr<const jose::SigningKey>> {
    TRY(auto key, signing_key(options, config, env));
    return std::make_shared<const jose::SigningKey>(std::move(key));
  };
  return settings;
}

Result<issuer::Wanted> wanted_of(const MintOptions& options, const issuer::Audiences& audiences) {
  const auto audience =
      options.audience.empty() ? issuer::audience_for(options.tool, audiences) : options.audience;
  if (!audience) {
    return mint_needs("an audience", "give --audience with the server that the token is for");
  }
  return issuer::Wanted{.audience = *audience,
                        .scopes = options.scopes,
                        .tool = options.tool,
                        .ttl = options.ttl,
                        .org = options.org};
}

Result<void> check_idps(const config::Config& config) {
  if (!config.idps.empty()) return {};
  return Error{.code = Errc::config,
               .message = "no IdP is trusted, so nobody's token can be verified",
               .hint = "add [[idp]] to mcpauth.toml, or name the file with -C"};
}

/// The pipeline whose own token is meant, if one is.
std::optional<identity::Ci> ci_of(const MintOptions& options, const Env& env) {
  if (options.subject_token == "github") return identity::Ci::github_actions;
  if (options.subject_token == "gitlab") return identity::Ci::gitlab;
  return options.subject_token.empty() ? identity::detect(env.variable) : std::nullopt;
}

/// The subject token: from the source given, or the pipeline's own.
Result<Secret> subject_token(const MintOptions& options, const std::string& ci_audience, Env& env) {
  const std::string& given = options.subject_token;
  const auto ci = ci_of(options, env);
  if (!ci && !given.empty()) return read_source(given, env, "the subject token");
  if (!ci) return no_subject();
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

/// The context of a mint that is recorded in this log, which must outlive it.
issuer::MintContext context_of(AuditLog& log, Env& env) {
  return {.clock = *env.clock,
          .random = env.random,
          .audit_log = log.writer(),
          .request_id = log.request_id()};
}

TokenAnswer answer_of(token::Minted minted) {
  TokenAnswer answer;
  answer.token = std::move(minted.token);
  answer.expires = minted.expires;
  answer.claims = std::move(minted.claims);
  return answer;
}

/// Mints for the person or pipeline that this token stands for. The audit log has one writer at a
/// time, so it is opened only once the IdP's keys have been fetched.
Result<token::Minted> mint_for(const Secret& subject_token, const issuer::Issuer& issuer,
                               const issuer::Wanted& wanted, const config::Config& config,
                               Env& env) {
  auto who = issuer.identify(subject_token.reveal_text());
  TRY(AuditLog log, AuditLog::open(config, env));
  const issuer::MintContext context = context_of(log, env);
  if (who) log_principal(who->principal, config, issuer.settings().policy->engine, env);
  Result<token::Minted> minted = who ? issuer.mint(*who, wanted, context)
                                     : issuer.refuse(std::move(who).error(), {}, wanted, context);
  if (minted || minted.error().code == Errc::denied) log_audit(config, env);
  return minted;
}

}  // namespace

Result<TokenAnswer> mint_by_policy(const MintOptions& options, Env& env) {
  constexpr std::string_view kBeside = "--subject-token";
  TRY_VOID(refuse(!options.claims.empty() || !options.json_claims.empty(), "--claim", kBeside));
  TRY_VOID(refuse(!options.client_id.empty(), "--client-id", kBeside));
  TRY_VOID(refuse(!options.client_secret.empty(), "--client-secret", kBeside));
  TRY_VOID(refuse(!options.tool.empty() && !options.scopes.empty(), "--scope", "--for-tool"));
  if (options.subject_token.empty() && !identity::detect(env.variable)) return no_subject();
  // Mistakes in the set-up are found before the token is asked for.
  TRY(const config::Config config, load_settings(env));
  TRY(issuer::Settings settings, issuer_settings(options, config, env));
  TRY(const issuer::Wanted wanted, wanted_of(options, settings.audiences));
  TRY_VOID(check_idps(config));
  TRY_VOID(token::check_scopes(options.scopes));
  const auto audience = ci_audience(ci_of(options, env), config);
  TRY(const Secret token, subject_token(options, audience, env));
  settings.directory =
      std::make_shared<const identity::Directory>(config.idps, env.http(), *env.clock);
  TRY(auto minted, mint_for(token, issuer::Issuer(std::move(settings)), wanted, config, env));
  return answer_of(std::move(minted));
}

Result<TokenAnswer> mint_from_claims(const MintOptions& options, Env& env) {
  constexpr std::string_view kBeside = "--subject";
  TRY_VOID(refuse(!options.subject_token.empty(), "--subject-token", kBeside));
  TRY_VOID(refuse(!options.policy.empty(), "--policy", kBeside));
  TRY_VOID(refuse(!options.tool.empty(), "--for-tool", kBeside));
  TRY_VOID(refuse(!options.client_secret.empty(), "--client-secret", kBeside));
  TRY(const config::Config config, load_settings(env));
  issuer::Order order;
  TRY(std::string url, issuer_url(options, config));
  TRY(order.claims, claims_by_hand(options, std::move(url)));
  TRY(order.ttl, ttl_by_hand(options, config));
  TRY(const auto key, signing_key(options, config, env));
  TRY(AuditLog log, AuditLog::open(config, env));
  TRY(auto minted, issuer::mint(order, key, context_of(log, env)));
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
  if (options.audience.empty()) return mint_needs("an audience", "give --audience A");
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
  if (exchanged.expires_in && *exchanged.expires_in > kMaxTtl) {
    note(env, text::format("the token lives {}, longer than any of ours",
                           time::format_duration(*exchanged.expires_in)));
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
