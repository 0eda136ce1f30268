#include "core/oauth/answer.hpp"

#include "core/codec/url.hpp"

namespace mcpauth::oauth {
namespace {

bool is_web_page(const http::Response& response) {
  if (response.header("content-type").starts_with("text/html")) return true;
  const auto first = response.body.find_first_not_of(" \t\r\n");
  return first != std::string::npos && response.body[first] == '<';
}

}  // namespace

std::string shown(std::string_view url) {
  const auto bare = url.substr(0, url.find('?'));
  const auto at = url.rfind('@');
  const auto scheme = url.find("://");
  // What Url takes has no userinfo; of all else a part before an `@` may be a password.
  if (at == url.npos || Url::parse(url)) return "`" + std::string(bare) + "`";
  const std::string start(scheme < at ? url.substr(0, scheme + 3) : "");
  return "`" + start + "…@" + std::string(at < bare.size() ? bare.substr(at + 1) : "…") + "`";
}

Result<void> expect_document(const http::Response& response, std::string_view url) {
  if (response.status >= 300 && response.status < 400)
    return Error{.code = Errc::network,
                 .message = shown(url) + " redirects, which is not followed",
                 .hint = "configure the URL that it redirects to, if you trust that one",
                 .why = "status " + std::to_string(response.status)};
  if (response.status != 200)
    return Error{
        .code = Errc::network,
        .message = shown(url) + " answered with status " + std::to_string(response.status)};
  if (is_web_page(response))
    return Error{.code = Errc::input,
                 .message = shown(url) + " answered with a web page instead of JSON",
                 .hint = "is the URL right, or does a sign-in page stand before it?"};
  return {};
}

Result<const std::string*> string_member(const json::Value& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr) return nullptr;
  const auto* text = value->string();
  if (text == nullptr)
    return Error{.code = Errc::input, .message = "`" + std::string(name) + "` is not a string"};
  return text;
}

}  // namespace mcpauth::oauth
