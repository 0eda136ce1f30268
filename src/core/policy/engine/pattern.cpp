#include "core/policy/engine/pattern.hpp"

#include <algorithm>

namespace mcpauth::policy {
namespace {

constexpr std::size_t kLongest = 256;

bool is_segment_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
         c == '_' || c == '-';
}

/// Takes the text up to the next `:` off the front.
std::optional<std::string> segment_fault(std::string_view segment, bool last) {
  if (segment.empty()) return "has an empty segment";
  if (segment == "*") return std::nullopt;
  if (segment == "**") {
    if (last) return std::nullopt;
    return "has `**` before the end, but it can only be the last segment";
  }
  if (segment.find('*') != std::string_view::npos) {
    return "has a wildcard inside a segment, but `*` must be a whole segment";
  }
  if (!std::ranges::all_of(segment, is_segment_character)) {
    return "has a character that is not a letter, digit, `.`, `_` or `-`";
  }
  return std::nullopt;
}

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

std::string_view next_segment(std::string_view& rest) {
  const auto segment = rest.substr(0, rest.find(':'));
  rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
  return segment;
}

std::optional<std::string> scope_fault(std::string_view text, Wildcards wildcards) {
  if (text.empty()) return "is empty";
  if (text.size() > kLongest) return "is longer than 256 bytes";
  if (wildcards == Wildcards::no && !is_concrete(text)) return "is a pattern, not a scope";
  if (text.back() == ':') return "has an empty segment";
  while (!text.empty()) {
    const auto segment = next_segment(text);
    if (auto fault = segment_fault(segment, text.empty())) return fault;
  }
  return std::nullopt;
}

bool scope_matches(std::string_view pattern, std::string_view scope) {
  while (!pattern.empty() && !scope.empty()) {
    const auto wanted = next_segment(pattern);
    const auto segment = next_segment(scope);
    if (wanted == "**") return true;
    if (wanted != "*" && wanted != segment) return false;
  }
  return pattern.empty() && scope.empty();
}

std::optional<std::string> tool_fault(std::string_view text) {
  if (text.size() > kLongest) return "is longer than 256 bytes";
  if (!is_tool(text)) return "is not a tool of the form server/tool";
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; })) {
    return "has a blank or a character that is not ASCII";
  }
  if (text.find("**") != std::string_view::npos)
    return "has `**`, but one `*` already matches any run of characters";
  return std::nullopt;
}

bool is_tool(std::string_view tool) {
  const auto slash = tool.find('/');
  return slash != std::string_view::npos && slash != 0 && slash + 1 != tool.size() &&
         tool.find('/', slash + 1) == std::string_view::npos;
}

bool tool_matches(std::string_view pattern, std::string_view tool) {
  const auto in_pattern = pattern.find('/');
  const auto in_tool = tool.find('/');
  if (in_pattern == std::string_view::npos || !is_tool(tool)) return false;
  return glob(pattern.substr(0, in_pattern), tool.substr(0, in_tool)) &&
         glob(pattern.substr(in_pattern + 1), tool.substr(in_tool + 1));
}

std::size_t literal_count(std::string_view pattern) {
  return pattern.size() - static_cast<std::size_t>(std::ranges::count(pattern, '*'));
}

}  // namespace mcpauth::policy
