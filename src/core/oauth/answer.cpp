#include "core/oauth/answer.hpp"

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/url.hpp"

namespace mcpauth::oauth {
namespace {

bool is_web_page(const http::Response& response) {
  if (response.header("content-type").starts_with("text/html")) return true;
  return text::trimmed(response.body).starts_with('<');
}

}  // namespace

std::string shown(std::string_view url) {
  const auto bare = url.substr(0, url.find('?'));
  const auto at = url.rfind('@');
  const auto scheme = url.find("://");
  // A URL that parses has no userinfo. In anything else, a part before an `@` may be a password.
  if (at == url.npos || Url::parse(url)) return text::quoted(bare);
  return text::format("`{}…@{}`", scheme < at ? url.substr(0, scheme + 3) : "",
                      at < bare.size() ? bare.substr(at + 1) : "…");
}

Result<void> expect_document(const http::Response& response, std::string_view url) {
  if (response.status >= 300 && response.status < 400)
    return Error{.code = Errc::network,
                 .message = shown(url) + " redirects, which is not followed",
                 .hint = "configure the URL that it redirects to, if you trust that one",
                 .why = text::format("status {}", response.status)};
  if (response.status != 200)
    return Error{
        .code = Errc::network,
        .message = text::format("{} answered with status {}", shown(url), response.status)};
  if (is_web_page(response))
    return Error{.code = Errc::input,
                 .message = shown(url) + " answered with a web page instead of JSON",
                 .hint = "is the URL right, or is there a sign-in page in front of it?"};
  return {};
}

Result<const std::string*> string_member(const json::Value& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr) return nullptr;
  const auto* text = value->string();
  if (text == nullptr)
    return Error{.code = Errc::input, .message = text::format("`{}` is not a string", name)};
  return text;
}

}  // namespace mcpauth::oauth
