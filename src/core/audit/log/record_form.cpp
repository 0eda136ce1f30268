#include "core/audit/log/record_form.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "core/audit/log/announcement.hpp"
#include "core/audit/log/leaf.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::array<Field, 9> kRedactable = {Field::request_id, Field::org_id,    Field::sub,
                                              Field::idp,        Field::client_id, Field::server,
                                              Field::tool,       Field::scopes,    Field::jti};
constexpr std::string_view kTimeForm = "\"dddd-dd-ddTdd:dd:ddZ\"";
constexpr std::array<std::string_view, 4> kDecisions = {"\"allow\"", "\"deny\"", "\"error\"",
                                                        "null"};
constexpr std::size_t kEscape = 6;  // the length of \\uXXXX

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '\\';
}

/// Whether all bytes are plain, eight at a time: verification looks at every byte of a log.
bool all_plain(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  std::uint64_t bad = 0;
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    const std::uint64_t no_backslash = word ^ (kOnes * '\\');
    // Sets a high bit for each byte above ASCII, below a blank, or equal to a backslash.
    bad |= (word & kHigh) | ((word - kOnes * 0x20) & ~word & kHigh) |
           ((no_backslash - kOnes) & ~no_backslash & kHigh);
    text.remove_prefix(sizeof word);
  }
  return bad == 0 && std::ranges::all_of(text, is_plain);
}

std::optional<unsigned> hex_at(std::string_view text) {
  if (text.size() < kEscape || !text.starts_with("\\u")) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(2, 4)) {
    const auto digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    if (!text::is_digit(c) && digit < 10) return std::nullopt;
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4U | static_cast<unsigned>(digit);
  }
  return value;
}

/// The length of the JSON escape at the start of `text`; 0 if it is not a valid one.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return 0;
  if (std::string_view("\"\\/bfnrt").find(text[1]) != std::string_view::npos) return 2;
  const auto unit = hex_at(text);
  if (!unit || (*unit >= 0xDC00 && *unit < 0xE000)) return 0;
  if (*unit < 0xD800 || *unit >= 0xE000) return kEscape;
  const auto second = hex_at(text.substr(kEscape));
  return second && *second >= 0xDC00 && *second < 0xE000 ? 2 * kEscape : 0;
}

bool strings_are_sound(std::string_view line) {
  while (!line.empty()) {
    std::size_t length = 1;
    if (!is_plain(line.front())) {
      const auto byte = static_cast<unsigned char>(line.front());
      if (byte >= 0x80) {
        length = text::decode(line).length;
      } else {
        length = line.front() == '\\' ? escape_length(line) : 0;
      }
    }
    if (length == 0) return false;
    line.remove_prefix(length);
  }
  return true;
}

bool is_time(std::string_view raw) {
  if (raw.size() != kTimeForm.size()) return false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (kTimeForm[i] == 'd' ? !text::is_digit(raw[i]) : raw[i] != kTimeForm[i]) return false;
  }
  return true;
}

/// `{"leaf":"...","fields":[...]}`: each field is redactable, is named once, and is empty.
bool redaction_is_sound(const LineView& record) {
  if (record.text(Field::event) == kRedactEvent || !original_leaf(record)) return false;
  const auto object = json::parse(record.redacted());
  const auto* members = object ? object->object() : nullptr;
  const auto* fields = members != nullptr ? object->find("fields") : nullptr;
  if (fields == nullptr || fields->array() == nullptr || fields->array()->empty()) return false;
  if (members->size() != 2 || json::write(*object) != record.redacted()) return false;
  std::array<bool, kFieldNames.size()> seen{};
  for (const auto& name : *fields->array()) {
    const auto field = name.string() != nullptr ? field_named(*name.string()) : std::nullopt;
    if (!field || !is_redactable(*field)) return false;
    if (std::exchange(seen[static_cast<std::size_t>(*field)], true)) return false;
    if (record.raw(*field) != (*field == Field::scopes ? "[]" : "null")) return false;
  }
  return true;
}

}  // namespace

bool is_redactable(Field field) {
  return std::ranges::find(kRedactable, field) != kRedactable.end();
}

bool is_sound(const LineView& record) {
  if (!all_plain(record.line()) && !strings_are_sound(record.line())) {
    return false;
  }
  if (!is_time(record.raw(Field::ts)) || record.is_null(Field::event)) return false;
  if (std::ranges::find(kDecisions, record.raw(Field::decision)) == kDecisions.end()) return false;
  return record.redacted().empty() || redaction_is_sound(record);
}

}  // namespace mcpauth::audit
