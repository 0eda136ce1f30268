#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/codec/json.hpp"
#include "core/codec/toml_lexer.hpp"
#include "core/codec/url.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/high_risk.hpp"
#include "core/policy/lint/rules/secrets.hpp"
#include "core/policy/lint/rules/sorting.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kRules[] = {
    {.name = "undocumented-grant",
     .code = "RB801",
     .severity = Severity::info,
     .fix = FixKind::none,
     .audience = Audience::pedantic,
     .since = "0.1.0",
     .summary = "A grant of a scope of high risk gives no reason",
     .rationale =
         "Whoever reviews access next quarter asks of each powerful grant who wanted it and why. A "
         "ticket in `reason` answers. Told once for each grant that is the first to give somebody "
         "a "
         "scope of high risk.",
     .bad = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.lead]
scopes = ["payments:approve"]
ttl = "5m"
[[grant]]
role = "lead"
#      ^
groups = ["okta:HR"]
)",
     .good = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.lead]
scopes = ["payments:approve"]
ttl = "5m"
[[grant]]
role = "lead"
groups = ["okta:HR"]
reason = "FIN-12"
)"},
    {.name = "unsorted",
     .code = "RB804",
     .severity = Severity::info,
     .fix = FixKind::safe,
     .audience = Audience::pedantic,
     .since = "0.1.0",
     .summary = "A list that is not sorted",
     .rationale =
         "In a sorted list everybody adds at the same place, so that a review shows the one line "
         "that "
         "is new and nothing is added twice. The order of these lists means nothing to the policy. "
         "A "
         "list with comments in it is not sorted by `--fix`, because they would stay behind.",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:write", "hr:read"]
#                     ^
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read", "hr:write"]
)"},
    {.name = "secret-in-policy",
     .code = "RB805",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "Something that looks like a token, key or password",
     .rationale =
         "A policy is read by many and kept for ever. A credential in it, in a comment too, is "
         "known "
         "to all of them and to everybody who ever gets the repository: revoke it, since taking it "
         "out "
         "of the file does not take it out of the history. What was found is told by its kind and "
         "place only.",
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
)"},
    {.name = "insecure-issuer-url",
     .code = "RB806",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A name that is an http:// URL, or a URL with a wildcard for a host",
     .rationale =
         "Who controls the network controls what an http:// address answers, and with it whose "
         "tokens "
         "count. A host with a wildcard trusts whoever can get a name below it. Addresses of this "
         "machine (localhost, 127.0.0.1) are fine, as are links in `description` and `reason`.",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["http://idp.example.com:HR"]
#          ^
org = "https://*.example.com"
#      ^
)",
     .good = R"(version = 1
[roles.hr]
description = "see http://wiki.example.com/hr"
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["https://idp.example.com:HR", "http://localhost:8080:HR"]
)"},
};

/// The strings of a policy that are sentences for people: descriptions and reasons.
class Sentences {
 public:
  explicit Sentences(const policy::Policy& policy) {
    for (const auto& scope : policy.scopes)
      add(scope.name.place.file, scope.fields, "description");
    for (const auto& role : policy.roles)
      add(role.place.file, role.fields, "description");
    for (const auto& grant : policy.grants)
      add(grant.place.file, grant.fields, "reason");
  }
  bool contains(std::string_view file, const toml::Span& at) const {
    return begins_.contains({at.line, at.column, file});
  }

 private:
  void add(std::string_view file, const policy::Fields& fields, std::string_view key) {
    if (const auto* field = policy::find(fields, key))
      begins_.emplace(field->value_span.line, field->value_span.column, file);
  }
  std::set<std::tuple<unsigned, unsigned, std::string_view>> begins_;
};

/// A string or comment of a file.
struct Passage {
  const policy::Source& source;
  const SourceText& text;
  std::size_t begin;
  toml::Lexeme lexeme;

  Place place(std::size_t from, std::size_t length) const {
    auto span = text.at(begin + from);
    const auto end = text.at(begin + from + length);
    span.end_line = end.line;
    span.end_column = end.column;
    return {source.file, span};
  }
};

void check_secrets(const Passage& passage, bool is_sentence, Findings& findings) {
  for (const auto& secret :
       secrets_in(passage.lexeme.text, is_sentence ? SecretsIn::sentences : SecretsIn::names)) {
    auto& finding = findings.add("secret-in-policy", passage.place(secret.begin, secret.length),
                                 "this looks like " + std::string(secret.what));
    finding.hint = "revoke it, and keep its successor out of the policy";
    finding.path = "secret[" + json::quote(secret.what) + "]";
  }
}

/// Why a URL is not to be trusted; empty: nothing is wrong with it.
std::string url_fault(std::string_view scheme, std::string_view authority) {
  const auto host = authority.substr(authority.rfind('@') + 1);
  if (host.find('*') != std::string_view::npos) return "has a wildcard for a host";
  if (scheme != "http") return {};
  // A group stands behind its IdP's address with a colon, which then is no port.
  const auto url = Url::parse("http://" + std::string(host));
  const auto without_tail = Url::parse("http://" + std::string(host.substr(0, host.rfind(':'))));
  const bool is_here = (url && url->is_loopback()) || (without_tail && without_tail->is_loopback());
  return is_here ? std::string{} : "is not protected by TLS";
}

void check_urls(const Passage& passage, Findings& findings) {
  const auto text = passage.lexeme.text;
  for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
    const auto before = text.substr(0, at);
    const std::string_view scheme = before.ends_with("https")  ? "https"
                                    : before.ends_with("http") ? "http"
                                                               : "";
    if (scheme.empty()) continue;
    const auto begin = at - scheme.size();
    const auto end = std::min(text.find_first_of("/?# \t\r\n\"'", at + 3), text.size());
    const auto authority = text.substr(at + 3, end - at - 3);
    const auto fault = url_fault(scheme, authority);
    if (fault.empty()) continue;
    const auto shown =
        std::string(scheme) + "://" + std::string(authority.substr(authority.rfind('@') + 1));
    auto& finding = findings.add("insecure-issuer-url", passage.place(begin, end - begin),
                                 "`" + shown + "` " + fault);
    finding.hint =
        scheme == "http" ? "use https, or leave the scheme out of the name" : "name each host";
    finding.path = "url[" + json::quote(shown) + "]";
  }
}

void check_source(const policy::Source& source, const Sentences& sentences, Findings& findings) {
  const SourceText text(source.text);
  for (std::size_t at = 0; at < source.text.size();) {
    const Passage passage{source, text, at,
                          toml::first_lexeme(std::string_view(source.text).substr(at))};
    at += passage.lexeme.text.size();
    const bool is_comment = passage.lexeme.kind == toml::Lexeme::Kind::comment;
    if (!is_comment && passage.lexeme.kind != toml::Lexeme::Kind::string) continue;
    const bool is_sentence = is_comment || sentences.contains(source.file, text.at(passage.begin));
    check_secrets(passage, is_sentence, findings);
    if (!is_sentence) check_urls(passage, findings);
  }
}

void check_reasons(const Subject& subject, Findings& findings) {
  const auto risks = high_risks_of(subject);
  std::set<const policy::Grant*> told;
  for (const auto& risk : risks.list) {
    if (risk.grant == nullptr || !risk.grant->reason.empty()) continue;
    if (!told.insert(risk.grant).second) continue;
    const auto& role = risk.grant->role;
    auto& finding = findings.add("undocumented-grant", role.place,
                                 "the grant of role `" + role.value + "` gives `" + risk.scope +
                                     "` (" + risk.why + ") and no reason");
    finding.hint = "add reason = \"…\", best with a ticket";
    finding.path = "grant[" + json::quote(role.value) + "].reason";
  }
  if (!risks.is_complete)
    findings.not_judged("undocumented-grant",
                        "too many hold scopes of high risk to ask about each");
}

}  // namespace

std::span<const Rule> hygiene_rules() {
  return kRules;
}

void check_hygiene(const Subject& subject, Findings& findings) {
  const Sentences sentences(subject.policy());
  for (const auto& source : subject.reading.sources) {
    const bool is_refused = source.text.size() > policy::PolicyLimits{}.bytes;  // a fault says so
    if (!is_refused) check_source(source, sentences, findings);
  }
  check_reasons(subject, findings);
  check_sorting(subject, findings);
}

}  // namespace mcpauth::policy::lint
