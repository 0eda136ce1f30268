#include <memory>

#include "cli/frame/command.hpp"
#include "cli/frame/key_input.hpp"
#include "cli/frame/verbose.hpp"
#include "cli/token/mint_forms.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

Result<Exit> mint(const MintOptions& options, Env& env) {
  TRY_VOID(check_variable(options.variable));
  const bool exchanged = !options.from.empty();
  const bool by_claims = !options.subject.empty();
  TRY(const TokenAnswer answer, exchanged   ? mint_by_exchange(options, env)
                                : by_claims ? mint_from_claims(options, env)
                                            : mint_by_policy(options, env));
  const auto format =
      env.globals.json && !options.format_given ? TokenFormat::json : options.format;
  log_output(name(format), env);
  TRY_VOID(print_token(answer, format, options.variable, env));
  return Exit::ok;
}

Result<void> take_ttl(MintOptions& options, std::string_view text) {
  TRY(options.ttl, time::parse_duration(text));
  return {};
}

Result<void> take_format(MintOptions& options, std::string_view text) {
  TRY(options.format, token_format_named(text));
  options.format_given = true;
  return {};
}

Result<void> take_type(MintOptions& options, std::string_view text) {
  options.subject_type = text == "id_token" ? oauth::TokenType::id_token
                         : text == "jwt"    ? oauth::TokenType::jwt
                                            : oauth::TokenType::access_token;
  return {};
}

void bind_who(Spec& spec, const std::shared_ptr<MintOptions>& options) {
  spec.value("--subject-token", "SRC",
             "IdP token of who asks: a source, or github or gitlab for the pipeline's own",
             options->subject_token)
      .completes = Completes::file;
  spec.value("--subject", "S", "Subject, with the claims given by hand", options->subject);
  spec.value("-a,--audience", "A", "Server that the token is for", options->audience).variable =
      "MCPAUTH_AUDIENCE";
  spec.values("-s,--scope", "S", "Scope asked for; without any, all that the policy gives",
              options->scopes);
  spec.value("--for-tool", "SERVER/TOOL", "Ask for the least that this tool needs", options->tool)
      .completes = Completes::tool;
  spec.value("--org", "O", "Organisation; with --subject-token the one it must be of", options->org)
      .completes = Completes::org;
  spec.custom("--ttl", "DURATION", "Lifetime, 5m to 15m; default: the most that is allowed",
              [options](std::string_view text) { return take_ttl(*options, text); });
  spec.values("--claim", "NAME=TEXT", "Further claim", options->claims);
  spec.values("--claim-json", "NAME=JSON", "Further claim, any JSON value", options->json_claims);
}

void bind_signing(Spec& spec, const std::shared_ptr<MintOptions>& options) {
  spec.value("--policy", "FILE", "Policy; default: [policy] file", options->policy).completes =
      Completes::file;
  spec.value("--issuer", "URL", "Issuer; default: [issuer] url", options->issuer);
  spec.value("-k,--key", "SRC", "Signing key, PEM or JWK; default: the active key of [issuer] keys",
             options->key)
      .completes = Completes::file;
  spec.value("--passphrase", "SRC", "Passphrase of the key; default: asked for at the terminal",
             options->passphrase)
      .completes = Completes::file;
  bind_algorithm(spec, "Algorithm, where the key allows several (RSA)", options->alg);
}

void bind_exchange(Spec& spec, const std::shared_ptr<MintOptions>& options) {
  spec.value("--from", "URL", "Have a running proxy or another issuer sign (RFC 8693)",
             options->from);
  spec.custom("--subject-type", "TYPE", "What the subject token is, with --from",
              [options](std::string_view text) { return take_type(*options, text); })
      .choices = {"access_token", "id_token", "jwt"};
  spec.value("--client-id", "ID", "Client: of --from, or the claim beside --subject",
             options->client_id);
  spec.value("--client-secret", "SRC", "Secret of the client of --from", options->client_secret);
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<MintOptions>();
  bind_who(spec, options);
  bind_signing(spec, options);
  bind_exchange(spec, options);
  auto& format =
      spec.custom("-f,--format", "FORMAT", "How the token is handed over",
                  [options](std::string_view text) { return take_format(*options, text); });
  format.choices = token_format_names();
  format.default_text = "raw";
  spec.value("--var", "NAME", "Variable or output to put it into; default: MCP_TOKEN",
             options->variable);
  return [options](Env& env) { return mint(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth mint --subject-token env:ID_TOKEN --audience https://hr.internal",
     "an IdP token becomes a short-lived JWT with what the policy gives"},
    {"mcpauth mint --audience https://hr.internal --for-tool hr/get_employee --format github "
     ">> \"$GITHUB_OUTPUT\"",
     "in a GitHub or GitLab pipeline, with its own identity and the least scopes"},
    {"mcpauth mint --key key.pem --issuer https://auth.example.com --subject alice --org acme "
     "--audience https://hr.internal --scope db:read:employee",
     "the claims given by hand"},
    {"mcpauth mint --from https://auth.example.com --subject-token - --audience "
     "https://hr.internal --format curl | curl -K - https://hr.internal/mcp",
     "a running proxy signs, and the token never stands on a command line"},
};

}  // namespace

extern const Command kMint;
constinit const Command kMint = {
    .path = "mint",
    .summary = "Make a short-lived JWT",
    .description =
        "Verifies the IdP token of who asks, applies the policy, and signs a JWT that lives 5 to "
        "15 minutes, with concrete scopes only. What is asked for beyond the policy is denied with "
        "the grant that is missing; a lifetime over a cap is refused, never shortened.\n\n"
        "With --subject the claims are given by hand; with --from another issuer signs. The token "
        "is the only thing on stdout. Where [audit] is configured each mint is recorded first, and "
        "without the record there is no token.",
    .examples = kExamples,
    .exits = "0 1 2 3 4 5",
    .bind = bind,
};

}  // namespace mcpauth::cli
