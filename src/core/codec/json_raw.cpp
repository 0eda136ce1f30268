#include "core/codec/json_raw.hpp"

#include <algorithm>

#include "core/codec/ascii.hpp"

namespace mcpauth::json {
namespace {

/// The index after the string whose first quote is at `open`, or the size of the text when the
/// string does not end.
std::size_t after_string(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

/// The index of the comma or bracket after the value that starts at `at`, or the size of the text.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = after_string(text, at);
      continue;
    }
    const bool closes = c == '}' || c == ']';
    if (depth == 0 && (closes || c == ',')) return at;
    if (closes) --depth;
    if (c == '{' || c == '[') ++depth;
    ++at;
  }
  return at;
}

RawParts<std::string_view> parts_of(std::string_view text, char open, char close) {
  RawParts<std::string_view> out;
  text = text::trimmed(text);
  if (!text.starts_with(open)) return out;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const std::size_t end = end_of_value(text, at);
    const auto part = text::trimmed(text.substr(at, end - at));
    if (!part.empty()) out.parts.push_back(part);
    at = end;
    if (at < text.size() && text[at] != ',') {
      out.whole = text[at] == close && at + 1 == text.size();
      break;
    }
  }
  return out;
}

std::optional<RawMember> member_of(std::string_view part) {
  if (!part.starts_with('"')) return std::nullopt;
  const std::size_t end = after_string(part, 0);
  const auto rest = text::trimmed(part.substr(end));
  if (!rest.starts_with(':')) return std::nullopt;
  return RawMember{.name = part.substr(1, end - 2), .value = text::trimmed(rest.substr(1))};
}

}  // namespace

RawParts<RawMember> raw_members(std::string_view object) {
  const auto found = parts_of(object, '{', '}');
  RawParts<RawMember> out{.parts = {}, .whole = found.whole};
  for (const auto part : found.parts) {
    if (const auto member = member_of(part)) out.parts.push_back(*member);
  }
  return out;
}

RawParts<std::string_view> raw_items(std::string_view array) {
  return parts_of(array, '[', ']');
}

std::optional<std::string_view> raw_member(std::string_view object, std::string_view name) {
  const auto members = raw_members(object);
  const auto found = std::ranges::find(members.parts, name, &RawMember::name);
  if (!members.whole || found == members.parts.end()) return std::nullopt;
  return found->value;
}

std::optional<std::string_view> raw_string(std::string_view value) {
  if (!value.starts_with('"')) return std::nullopt;
  const std::size_t end = after_string(value, 0);
  const bool ends = end > 1 && value[end - 1] == '"';
  return value.substr(1, end - (ends ? 2 : 1));
}

}  // namespace mcpauth::json
