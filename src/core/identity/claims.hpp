#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::identity {

inline constexpr std::size_t kMaxTextBytes = 1024;  ///< a subject, a group, a client, a path
inline constexpr std::size_t kMaxOrgBytes = 256;
inline constexpr std::size_t kMaxGroups = 1000;

/// The refusal of a token (Errc::denied). Claims in the message are quoted as they came.
Error refused(std::string_view reason, std::string message, std::string hint = {});

/// The claim of this name or, where it starts with "/", at this JSON pointer; null when it is
/// absent or JSON null.
const json::Value* find_claim(const json::Value& claims, std::string_view name);

/// Whether the text is UTF-8 without control characters and line separators.
bool is_plain(std::string_view text);

/// The text of a claim, byte for byte; nothing when it is absent or empty. Another type, a control
/// character and more than `limit` bytes are kBadClaim.
Result<std::optional<std::string>> text_claim(const json::Value& claims, std::string_view name,
                                              std::size_t limit = kMaxTextBytes);

/// The same for a claim that the profile requires: absent or empty is kMissingClaim.
Result<std::string> needed_claim(const json::Value& claims, std::string_view name,
                                 std::string_view hint);

/// The strings of a claim that is a list. A single string is a list of one and never split, because
/// a group's name may contain any separator. Absent is empty; another type or an empty name is
/// kBadClaim.
Result<std::vector<std::string>> list_claim(const json::Value& claims, std::string_view name);

}  // namespace mcpauth::identity
