#include "cli/frame/source_jwks.hpp"

#include <optional>

namespace mcpauth::cli {
namespace {

// The JSON reader keeps values in strings, which nobody wipes. So the set is only cut here, and the
// piece is judged by the reader of private keys.

/// The index behind the JSON value that starts at `at`; npos where it does not end.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      --depth;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return depth == 0 && !in_string ? at : std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

/// The pieces between the outer brackets of an array or object; nothing where it is neither.
std::optional<std::vector<std::string_view>> pieces(std::string_view text, char open, char close) {
  text = trimmed(text);
  if (text.size() < 2 || text.front() != open || text.back() != close) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = end_of_value(text, at);
    if (end == std::string_view::npos) return std::nullopt;
    out.push_back(trimmed(text.substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

/// The raw value of a member; nothing where the text is no object or has no such member.
std::optional<std::string_view> member(std::string_view object, std::string_view quoted_name) {
  const auto all = pieces(object, '{', '}');
  if (!all) return std::nullopt;
  for (const auto piece : *all) {
    if (!piece.starts_with(quoted_name)) continue;
    const auto rest = trimmed(piece.substr(quoted_name.size()));
    if (rest.starts_with(':')) return trimmed(rest.substr(1));
  }
  return std::nullopt;
}

}  // namespace

Result<Secret> key_of_set(const Secret& jwks, std::string_view kid) {
  const auto list = member(jwks.reveal_text(), "\"keys\"");
  const auto keys = list ? pieces(*list, '[', ']') : std::nullopt;
  if (!keys) return Error{.code = Errc::input, .message = "this is no JWKS"};
  const std::string wanted = "\"" + std::string(kid) + "\"";
  for (const auto key : *keys) {
    if (member(key, "\"kid\"") == wanted) return Secret::copy_of(key);
  }
  return Error{.code = Errc::not_found,
               .message = "no key of the set has the kid `" + std::string(kid) + "`"};
}

}  // namespace mcpauth::cli
