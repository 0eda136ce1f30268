#include "core/identity/claims.hpp"

#include <cstddef>
#include <utility>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::identity {
namespace {

Error bad_claim(std::string_view name, std::string_view what) {
  return refused(reason::kBadClaim, text::format("claim `{}` {}", name, what));
}

Result<std::string> checked(std::string_view name, const std::string& text, std::size_t limit) {
  if (text.size() > limit) {
    return bad_claim(name, text::format("is longer than {} bytes", limit));
  }
  if (!is_plain(text)) return bad_claim(name, "contains control characters or is not UTF-8");
  return text;
}

}  // namespace

Error refused(std::string_view reason, std::string message, std::string hint) {
  return {.code = Errc::denied,
          .message = std::move(message),
          .hint = std::move(hint),
          .reason = reason};
}

const json::Value* find_claim(const json::Value& claims, std::string_view name) {
  const auto* found = name.starts_with('/') ? claims.at_pointer(name) : claims.find(name);
  return found != nullptr && found->is_null() ? nullptr : found;
}

bool is_plain(std::string_view text) {
  if (!text::is_utf8(text)) return false;
  for (const char c : text) {
    if ((c >= 0 && c < 0x20) || c == 0x7f) return false;
  }
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (text[i] == '\xc2' && next < 0xa0) return false;  // C1: U+0080 to U+009F
  }
  return text.find("\xe2\x80\xa8") == text.npos && text.find("\xe2\x80\xa9") == text.npos;
}

Result<std::optional<std::string>> text_claim(const json::Value& claims, std::string_view name,
                                              std::size_t limit) {
  const auto* value = find_claim(claims, name);
  if (value == nullptr) return std::nullopt;
  const auto* text = value->string();
  if (text == nullptr) return bad_claim(name, "is not a string");
  if (text->empty()) return std::nullopt;
  TRY(auto kept, checked(name, *text, limit));
  return std::optional(std::move(kept));
}

Result<std::string> needed_claim(const json::Value& claims, std::string_view name,
                                 std::string_view hint) {
  TRY(auto text, text_claim(claims, name));
  if (text) return *std::move(text);
  return refused(reason::kMissingClaim, text::format("the token has no `{}`", name),
                 std::string(hint));
}

Result<std::vector<std::string>> list_claim(const json::Value& claims, std::string_view name) {
  std::vector<std::string> list;
  const auto* value = find_claim(claims, name);
  if (value == nullptr) return list;
  const json::Array single = value->string() != nullptr ? json::Array{*value} : json::Array{};
  const auto* items = value->string() != nullptr ? &single : value->array();
  if (items == nullptr) return bad_claim(name, "is neither a list of strings nor a string");
  if (items->size() > kMaxGroups) {
    return refused(reason::kTooLarge,
                   text::format("claim `{}` has {} entries, over the limit of {}", name,
                                items->size(), kMaxGroups),
                   "have the IdP send only the groups that this policy names");
  }
  for (const auto& item : *items) {
    const auto* text = item.string();
    if (text == nullptr) return bad_claim(name, "has an entry that is not a string");
    if (text->empty()) return bad_claim(name, "has an empty entry");
    TRY(auto kept, checked(name, *text, kMaxTextBytes));
    list.push_back(std::move(kept));
  }
  return list;
}

}  // namespace mcpauth::identity
