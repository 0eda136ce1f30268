#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/hygiene/passages.hpp"
#include "core/policy/lint/rules/hygiene/secrets.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kSecretInPolicy{
    .name = "secret-in-policy",
    .code = "RB805",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "Something that looks like a token, key or password",
    .rationale =
        "Many people read a policy, and it is kept for ever. A credential in it, even in a "
        "comment, is known to all of them and to everybody who ever gets the repository. "
        "Revoke it: removing it from the file does not remove it from the history. The finding "
        "gives only the kind and the place of the credential.",
    .bad = R"(version = 1
[roles.hr]
description = "for the job that signs in with AKIA)"
           R"(IOSFODNN7EXAMPLE"
#                                             ^
scopes = ["hr:read"]
)",
    .good = R"(version = 1
[roles.hr]
description = "for the job whose key is in the vault as hr-sync"
scopes = ["hr:read"]
)"};

constexpr const Rule* kRules[] = {&kSecretInPolicy};

void check_passage(const Passage& passage, Findings& findings) {
  for (const auto& secret :
       secrets_in(passage.content, passage.is_sentence ? SecretsIn::sentences : SecretsIn::names)) {
    auto& finding = findings.add(kSecretInPolicy, passage.place(secret.begin, secret.length),
                                 text::format("this looks like {}", secret.what));
    finding.hint = "revoke it, and keep its successor out of the policy";
    finding.path = text::format("secret[{}]", json::quote(secret.what));
  }
}

void check(Context& context, Findings& findings) {
  each_passage(context, [&](const Passage& passage) { check_passage(passage, findings); });
}

}  // namespace

RuleGroup secret_in_policy() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
