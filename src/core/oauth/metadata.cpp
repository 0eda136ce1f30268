#include "core/oauth/metadata.hpp"

#include <optional>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/codec/url.hpp"
#include "core/oauth/answer.hpp"

namespace mcpauth::oauth {
namespace {

constexpr std::size_t kMaxBytes = 256 * 1024;

Result<std::string> endpoint(const json::Value& document, std::string_view name,
                             const http::Reach& reach) {
  TRY(const auto* text, string_member(document, name));
  if (text == nullptr) return std::string();
  auto url = Url::parse(*text);
  if (!url) return std::move(url).error().context(text::quoted(name));
  if (!http::may_ask(*url, reach))
    return Error{.code = Errc::input,
                 .message = text::format("`{}` is not an https URL", name),
                 .reason = reason::kAddressForbidden};
  return *text;
}

Result<Metadata> read(std::string_view body, std::string_view issuer, const http::Reach& reach) {
  TRY(const auto document, json::parse(body, {.bytes = kMaxBytes}));
  TRY(const auto* named, string_member(document, "issuer"));
  if (named == nullptr)
    return Error{.code = Errc::input,
                 .message = "the metadata names no `issuer`",
                 .reason = reason::kWrongIssuer};
  if (*named != issuer)
    return Error{
        .code = Errc::input,
        .message = text::format("the metadata is from issuer `{}`, not from `{}`", *named, issuer),
        .hint = "write the issuer exactly as it names itself, with or without the last `/`",
        .reason = reason::kWrongIssuer};
  Metadata out{.issuer = *named};
  TRY(out.jwks_uri, endpoint(document, "jwks_uri", reach));
  TRY(out.token_endpoint, endpoint(document, "token_endpoint", reach));
  return out;
}

Error none(const std::vector<std::string>& urls, std::string_view issuer) {
  std::vector<std::string> asked;
  for (const auto& url : urls)
    asked.push_back(shown(url));
  return {.code = Errc::not_found,
          .message = text::format("`{}` publishes no metadata", issuer),
          .hint = "check the issuer, or give the URL that discovery would have found",
          .why = "asked " + text::join(asked, ", ")};
}

}  // namespace

Result<std::vector<std::string>> metadata_urls(std::string_view issuer) {
  auto url = Url::parse(issuer);
  if (!url) return std::move(url).error().context("issuer");
  if (!url->query.empty())
    return Error{.code = Errc::input, .message = "issuer: the URL has a query"};
  std::string path = url->path;
  if (path.ends_with('/')) path.pop_back();
  const auto base = url->origin();
  std::vector<std::string> out{base + "/.well-known/oauth-authorization-server" + path,
                               base + "/.well-known/openid-configuration" + path};
  if (!path.empty()) out.push_back(base + path + "/.well-known/openid-configuration");
  return out;
}

Result<Metadata> discover(std::string_view issuer, const http::Reach& reach, http::Client& http,
                          std::chrono::milliseconds timeout) {
  TRY(const auto urls, metadata_urls(issuer));
  std::optional<Error> problem;
  for (const auto& url : urls) {
    const http::Request request{.url = url,
                                .headers = {{"Accept", "application/json"}},
                                .reach = reach,
                                .timeout = timeout,
                                .max_body = kMaxBytes};
    TRY(const auto response, http.send(request));  // the next place is at the same host
    if (response.status >= 400 && response.status < 500) continue;
    auto usable = expect_document(response, url);
    if (!usable) {
      if (!problem) problem = std::move(usable).error();
      continue;
    }
    auto metadata = read(response.body, issuer, reach);
    if (metadata) return metadata;
    if (!problem) problem = std::move(metadata).error().context(shown(url));
  }
  return problem ? *std::move(problem) : none(urls, issuer);
}

}  // namespace mcpauth::oauth
