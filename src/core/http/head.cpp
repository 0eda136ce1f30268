#include "core/http/head.hpp"

#include <algorithm>

#include "core/codec/ascii.hpp"

namespace mcpauth::http {
namespace {

bool is_token_char(char c) {
  return text::is_alphanumeric(c) ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_token(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_token_char);
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
  if (text::is_blank(line)) return true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return fail("a malformed header");
  if (headers_.size() == kMaxHeaders) return fail("more than 100 headers");
  headers_.emplace_back(text::lowered(line.substr(0, colon)),
                        text::trimmed(line.substr(colon + 1)));
  return true;
}

bool is_sendable_header(std::string_view name, std::string_view value) {
  const auto visible = [](char c) { return c == '\t' || (c >= ' ' && c < 0x7f); };
  return is_token(name) && !text::is_blank(value) && std::ranges::all_of(value, visible);
}

}  // namespace mcpauth::http
