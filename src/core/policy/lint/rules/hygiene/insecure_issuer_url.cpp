#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/url.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/hygiene/passages.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kInsecureIssuerUrl{
    .name = "insecure-issuer-url",
    .code = "RB806",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A name that is an http:// URL, or a URL with a wildcard host",
    .rationale =
        "Somebody who controls the network controls what an http:// address answers, and so "
        "whose tokens are accepted. A wildcard host trusts everybody who can get a name below "
        "it. Addresses of this machine (localhost, 127.0.0.1) are fine, and so are links in "
        "`description` and `reason`.",
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
)"};

constexpr const Rule* kRules[] = {&kInsecureIssuerUrl};

/// Why a URL cannot be trusted; empty if it can.
std::string url_fault(std::string_view scheme, std::string_view authority) {
  const auto host = authority.substr(authority.rfind('@') + 1);
  if (host.find('*') != std::string_view::npos) return "has a wildcard for a host";
  if (scheme != "http") return {};
  // In `http://idp.example.com:HR` the group follows the colon: it is not a port.
  const auto url = Url::parse(text::format("http://{}", host));
  const auto without_tail = Url::parse(text::format("http://{}", host.substr(0, host.rfind(':'))));
  const bool is_here = (url && url->is_loopback()) || (without_tail && without_tail->is_loopback());
  return is_here ? std::string{} : "is not protected by TLS";
}

void check_passage(const Passage& passage, Findings& findings) {
  const auto text = passage.content;
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
    const auto shown = text::format("{}://{}", scheme, authority.substr(authority.rfind('@') + 1));
    auto& finding = findings.add(kInsecureIssuerUrl, passage.place(begin, end - begin),
                                 text::format("`{}` {}", shown, fault));
    finding.hint =
        scheme == "http" ? "use https, or leave the scheme out of the name" : "name each host";
    finding.path = text::format("url[{}]", json::quote(shown));
  }
}

void check(Context& context, Findings& findings) {
  each_passage(context, [&](const Passage& passage) {
    if (!passage.is_sentence) check_passage(passage, findings);
  });
}

}  // namespace

RuleGroup insecure_issuer_url() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
