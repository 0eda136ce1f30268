#include "core/dev/idp/token_request.hpp"

#include "core/codec/ascii.hpp"
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

Result<std::string> decoded(std::string_view content) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '+') {
      out += ' ';
    } else if (content[i] != '%') {
      out += content[i];
    } else if (i + 2 < content.size() && text::is_hex_digit(content[i + 1]) &&
               text::is_hex_digit(content[i + 2])) {
      out +=
          static_cast<char>(text::hex_value(content[i + 1]) * 16 + text::hex_value(content[i + 2]));
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
  if (text::equal_ignoring_case(media, "application/json")) return from_json(request.body);
  if (text::equal_ignoring_case(media, "application/x-www-form-urlencoded"))
    return from_form(request.body);
  return bad("the body must be application/json or application/x-www-form-urlencoded");
}

}  // namespace mcpauth::dev::idp
