#include "core/http/head.hpp"

#include <algorithm>

namespace mcpauth::http {
namespace {

bool is_token_char(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

bool HeadReader::fail(std::string_view problem) {
  problem_ = problem;
  return false;
}

bool HeadReader::add(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > kMaxBytes) return fail("headers over 64 KiB");
  if (in_body_) return true;
  if (line.starts_with("HTTP/")) {
    headers_.clear();
    return true;
  }
  if (trimmed(line).empty()) return true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return fail("a malformed header");
  if (headers_.size() == kMaxHeaders) return fail("more than 100 headers");
  headers_.emplace_back(lowered(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return true;
}

bool is_sendable_header(std::string_view name, std::string_view value) {
  const auto visible = [](char c) { return c == '\t' || (c >= ' ' && c < 0x7f); };
  return is_token(name) && !trimmed(value).empty() && std::ranges::all_of(value, visible);
}

}  // namespace mcpauth::http
