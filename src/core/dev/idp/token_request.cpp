#include "core/dev/idp/token_request.hpp"

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::dev::idp {
namespace {

Error bad(std::string message) {
  return Error{.code = Errc::input, .message = std::move(message)};
}

Result<void> put(TokenRequest& request, std::string_view name, std::string value) {
  std::string* const target = name == "user"       ? &request.user
                              : name == "audience" ? &request.audience
                              : name == "ttl"      ? &request.ttl
                              : name == "type"     ? &request.type
                                                   : nullptr;
  if (target == nullptr) return bad("only user, audience, ttl and type can be asked for");
  if (!target->empty()) return bad("a parameter stands twice");
  *target = std::move(value);
  return {};
}

Result<TokenRequest> from_json(std::string_view body) {
  TRY(const auto document, json::parse(body));
  if (document.object() == nullptr) return bad("the body must be a JSON object");
  TokenRequest request;
  for (const auto& member : *document.object()) {
    const auto* text = member.value.string();
    const auto number = member.value.integer();
    if (text == nullptr && !number) return bad("every member must be a string or a whole number");
    TRY_VOID(put(request, member.name, text != nullptr ? *text : std::to_string(*number)));
  }
  return request;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Result<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else if (i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      return bad("a percent-escape is broken");
    }
  }
  if (!text::is_utf8(out)) return bad("a parameter is not UTF-8");
  return out;
}

Result<TokenRequest> from_form(std::string_view body) {
  TokenRequest request;
  for (const auto part : text::split(body, '&')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return bad("a parameter has no value");
    TRY(const auto name, decoded(part.substr(0, equals)));
    TRY(auto value, decoded(part.substr(equals + 1)));
    TRY_VOID(put(request, name, std::move(value)));
  }
  return request;
}

}  // namespace

Result<TokenRequest> read_token_request(const net::Request& request) {
  const auto type = request.header("Content-Type");
  const auto media = type.substr(0, type.find_first_of("; "));
  if (net::same_name(media, "application/json")) return from_json(request.body);
  if (net::same_name(media, "application/x-www-form-urlencoded")) return from_form(request.body);
  return bad("the body must be application/json or application/x-www-form-urlencoded");
}

}  // namespace mcpauth::dev::idp
