#include <algorithm>
#include <memory>
#include <thread>

#include "cli/frame/command.hpp"
#include "cli/frame/key_sets.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/sources.hpp"
#include "cli/frame/verbose.hpp"
#include "cli/token/verify_batch.hpp"
#include "cli/token/verify_keys.hpp"
#include "cli/token/verify_output.hpp"
#include "core/codec/number.hpp"
#include "core/codec/time.hpp"
#include "core/token/find.hpp"
#include "core/token/tool_check.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kMaxInput = 256 * 1024;
constexpr unsigned kMaxThreads = 256;

struct Options {
  std::optional<std::string> given;  ///< where the token is
  VerifyKeys keys;
  jose::Expectations expect;
  std::vector<std::string> required;
  std::string at;
  std::optional<std::string> org = {};
  std::string tool;
  std::string policy;
  bool batch = false;
  unsigned threads = 0;  ///< 0: as many as there are cores

  std::string source() const { return given.value_or("-"); }
};

Error usage(std::string message, std::string hint) {
  return {.code = Errc::usage, .message = std::move(message), .hint = std::move(hint)};
}

/// --signature-only leaves the claims out, so nothing may be asked of them.
Result<void> refuse_claims(const Options& options) {
  const auto& expect = options.expect;
  const std::pair<std::string_view, bool> flags[] = {{"--audience", !expect.audiences.empty()},
                                                     {"--issuer-is", !expect.issuers.empty()},
                                                     {"--org", options.org.has_value()},
                                                     {"--scope", !expect.scopes.empty()},
                                                     {"--require", !options.required.empty()},
                                                     {"--max-age", expect.max_age.has_value()},
                                                     {"--at", !options.at.empty()},
                                                     {"--tool", !options.tool.empty()}};
  for (const auto& [flag, given] : flags) {
    if (!given) continue;
    return usage(std::string(flag) + " judges claims, and --signature-only leaves them out",
                 "leave one of the two out");
  }
  return {};
}

Result<void> check(const Options& options) {
  TRY_VOID(check(options.keys));
  if (options.expect.signature_only) TRY_VOID(refuse_claims(options));
  if (options.expect.audiences.empty() && !options.expect.signature_only) {
    Error error = usage("no audience is given",
                        "give --audience with what the token must be for; --signature-only judges "
                        "the signature and nothing else");
    error.why = "a token that is good everywhere is a token that everybody can use everywhere";
    return error;
  }
  if (!options.policy.empty() && options.tool.empty()) {
    return usage("--policy judges nothing without --tool", "give --tool SERVER/TOOL");
  }
  return {};
}

Result<jose::Expectations> expectations(const Options& options) {
  jose::Expectations expect = options.expect;
  expect.org = options.org.value_or("");
  if (options.keys.issuer && expect.issuers.empty()) expect.issuers = {*options.keys.issuer};
  for (const auto& text : options.required) {
    const auto equals = text.find('=');
    if (equals == 0 || text.empty()) return usage("--require names no claim", "--require acr=high");
    const bool with_value = equals != std::string::npos;
    expect.required.emplace_back(
        text.substr(0, equals),
        with_value ? std::optional<std::string>(text.substr(equals + 1)) : std::nullopt);
  }
  return expect;
}

Result<std::optional<policy::Engine>> engine_of(const Options& options, Env& env) {
  if (options.tool.empty()) return std::optional<policy::Engine>();
  TRY(auto engine, load_policy(options.policy, env));
  return std::optional(std::move(engine));
}

/// The token alone. What only contains one is not taken apart here: a verifier that is generous
/// with its input is one more parser to disagree with.
Result<std::string> read_token(const Options& options, Env& env) {
  TRY(std::string text, read_input(options.source(), env, kMaxInput));
  constexpr std::string_view kBlank = " \t\r\n";
  const auto start = text.find_first_not_of(kBlank);
  if (start == std::string::npos) {
    return Error{.code = Errc::input, .message = "there is no token: the input is empty"};
  }
  text = text.substr(start, text.find_last_not_of(kBlank) - start + 1);
  if (text.find_first_of(" \t\r\n\"'{}:?&#") == std::string::npos) return text;
  const auto found = token::find(text);
  if (!found) return text;
  return Error{.code = Errc::input,
               .message = "the input is not a token alone: there is one in " +
                          (found->where.empty() ? "quotes" : found->where),
               .hint = "give only the token; `mcpauth decode` finds it in what was pasted"};
}

Result<Exit> verify_one(const Options& options, const jose::Expectations& expect,
                        const policy::Engine* engine, Env& env) {
  TRY(const std::string token, read_token(options, env));
  TRY(const auto keys, open_keys(options.keys, env));
  TRY(auto report, jose::verify(token, *keys, expect, env.now()));
  if (engine != nullptr) token::check_tool(report, *engine, options.tool);
  log_verification(report, *keys, place_of(options.keys), env);
  log_output(env.globals.json ? "json" : "text", env);
  print_report(report, env);
  if (expect.signature_only) note(env, "only the signature was judged, none of the claims");
  return exit_for(report.verdict);
}

Result<Exit> verify_many(const Options& options, const jose::Expectations& expect,
                         const policy::Engine* engine, Env& env) {
  TRY(const auto keys, open_keys(options.keys, env));
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  log_output("JSON Lines", env);
  const token::BulkRules rules{.expect = expect,
                               .engine = engine,
                               .tool = options.tool,
                               .threads = options.threads == 0 ? cores : options.threads};
  return verify_batch(options.source(), *keys, rules, env);
}

Result<Exit> verify(const Options& options, Env& env) {
  TRY_VOID(check(options));
  TRY(const auto expect, expectations(options));
  TRY(const auto engine, engine_of(options, env));
  const policy::Engine* const policy = engine ? &*engine : nullptr;
  const Clock* const before = env.clock;
  std::optional<FixedClock> then;
  if (!options.at.empty()) {
    auto instant = time::parse_instant(options.at, env.now());
    if (!instant) {
      auto error = std::move(instant).error().context("--at");
      error.code = Errc::usage;
      return error;
    }
    env.clock = &then.emplace(*instant);
  }
  auto status = options.batch ? verify_many(options, expect, policy, env)
                              : verify_one(options, expect, policy, env);
  env.clock = before;
  if (!status) return or_as_file(std::move(status).error());
  return status;
}

Result<void> take_alg(jose::Expectations& expect, std::string_view text) {
  const auto alg = crypto::algorithm_named(text);
  if (!alg)
    return usage("there is no algorithm `" + std::string(text) + "`", "as in ES256 or EdDSA");
  expect.algs.push_back(*alg);
  return {};
}

Result<void> take_threads(Options& options, std::string_view text) {
  options.threads = parse_number<unsigned>(text).value_or(0);
  if (options.threads >= 1 && options.threads <= kMaxThreads) return {};
  return usage("`" + std::string(text) + "` is no number of threads", "1 to 256");
}

void bind_keys(Spec& spec, Options& options) {
  spec.argument("TOKEN", "The token: a source, by default stdin; with --batch a file of tokens",
                options.given)
      .completes = Completes::file;
  spec.value("--jwks", "SRC|URL", "Key set to verify with", options.keys.jwks).completes =
      Completes::file;
  spec.value("--issuer", "URL", "Issuer whose keys are found by discovery, and that `iss` must be",
             options.keys.issuer);
  spec.value("-k,--key", "SRC", "One key to verify with, PEM or JWK", options.keys.key).completes =
      Completes::file;
}

void bind_expectations(Spec& spec, const std::shared_ptr<Options>& options) {
  auto& expect = options->expect;
  spec.values("-a,--audience", "A", "Audience that `aud` must hold; several: one of them",
              expect.audiences)
      .variable = "MCPAUTH_AUDIENCE";
  spec.values("--issuer-is", "URL", "What `iss` must be, exactly", expect.issuers);
  spec.value("--org", "O", "What `org_id` must be", options->org).completes = Completes::org;
  spec.values("-s,--scope", "S", "Scope that the token must hold", expect.scopes);
  spec.values("--require", "CLAIM[=V]", "Claim that must be there, with this value",
              options->required);
  spec.values("--typ", "T", "What `typ` must be; default: at+jwt, application/at+jwt, JWT or none",
              expect.types);
  spec.custom("--alg", "ALG", "Algorithm that is allowed; default: what the key is for",
              [options](std::string_view text) { return take_alg(options->expect, text); })
      .repeats = true;
  auto& leeway = spec.custom("--leeway", "DURATION", "How far clocks may be apart",
                             [options](std::string_view text) -> Result<void> {
                               TRY(options->expect.leeway, time::parse_duration(text));
                               return {};
                             });
  leeway.default_text = "30s";
  spec.custom("--max-age", "DURATION", "How long ago it may have been issued",
              [options](std::string_view text) -> Result<void> {
                TRY(options->expect.max_age, time::parse_duration(text));
                return {};
              });
  spec.value("--at", "TIME", "Judge as of this time", options->at);
  spec.flag("--signature-only", "Check the signature of a JWS of any payload, and nothing else",
            expect.signature_only);
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  bind_keys(spec, *options);
  bind_expectations(spec, options);
  spec.value("--tool", "SERVER/TOOL", "Tool whose scopes the token must hold", options->tool)
      .completes = Completes::tool;
  spec.value("--policy", "FILE", "Policy that says what the tool needs; default: [policy] file",
             options->policy)
      .completes = Completes::file;
  spec.flag("--batch", "A token per line in, a verdict per line out, as JSON", options->batch);
  auto& threads = spec.custom("--threads", "N", "Threads of --batch",
                              [options](auto text) { return take_threads(*options, text); });
  threads.default_text = "one per core";
  return [options](Env& env) { return verify(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth verify token --issuer https://auth.example.com --audience https://hr.internal",
     "the keys found by discovery, every check listed"},
    {"mcpauth verify - --jwks jwks.json --audience https://hr.internal --tool hr/set_salary "
     "--policy rbac.toml",
     "offline, and whether it is enough for a tool"},
    {"mcpauth verify --batch tokens.txt --jwks jwks.json --audience https://hr.internal",
     "many tokens on all cores, a JSON verdict per line"},
};

}  // namespace

extern const Command kVerify;
constinit const Command kVerify = {
    .path = "verify",
    .summary = "Judge a token: is it good here?",
    .description =
        "Makes every check that can be made and lists them all, not only up to the first failure. "
        "The algorithm comes from the key, never from the token. The claims are printed only when "
        "the token is valid.\n\n"
        "When the key that signed is not in the set, the set is asked for once more; if it is "
        "still not there the status is 4, even beside claims that fail: that is not a verdict on "
        "the token. A signature that does not fit a key that is there is 1, a key set that cannot "
        "be used at all 3. An input of --batch without a line is 3 as well.\n\n"
        "A token that is bound to a key (`cnf`: DPoP, mTLS) has a line for that, always a skip, "
        "and in --batch `bound`: that its sender has the key is shown by a proof beside the "
        "token, which whoever takes it must ask for.\n\n"
        "Keys at a private address are fetched only where the networks of an [[idp]] at the same "
        "origin hold it; else give the key set as a file.",
    .examples = kExamples,
    .exits = "0 1 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
