#include "core/config/reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::config {
namespace {

std::optional<std::uint64_t> bytes_in(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::uint64_t bytes;
  };
  constexpr std::array<Unit, 6> kUnits = {{{"KB", 1000},
                                           {"KiB", 1024},
                                           {"MB", 1'000'000},
                                           {"MiB", 1024UL * 1024},
                                           {"GB", 1'000'000'000},
                                           {"GiB", 1024UL * 1024 * 1024}}};
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const auto* const unit = std::ranges::find(kUnits, rest, &Unit::name);
  constexpr std::uint64_t kMost = 1'000'000;  // a petabyte at most
  if (error != std::errc() || unit == kUnits.end() || count > kMost) return std::nullopt;
  return count * unit->bytes;
}

}  // namespace

Reader::Reader(const Section& section, std::span<const std::string_view> keys)
    : section_(section),
      table_(section.notes.problems, section.table, section.span, section.title, keys) {}

std::string Reader::setting(std::string_view key) const {
  return text::format("{}.{}", section_.path, key);
}

const Override* Reader::override_of(std::string_view key) const {
  const auto& overrides = section_.notes.overrides;
  const auto found = std::ranges::find(overrides, setting(key), &Override::setting);
  return found == overrides.end() ? nullptr : &*found;
}

void Reader::problem_at(std::string_view key, const toml::Span& span, std::string message,
                        std::string hint) {
  const auto* given = override_of(key);
  notes().problems.add(toml::problem(given != nullptr ? given->source : notes().file(), span,
                                     std::move(message), std::move(hint)));
}

void Reader::problem(std::string_view key, std::string message, std::string hint) {
  const auto* found = find(key);
  problem_at(key, found != nullptr ? found->span : section_.span, std::move(message),
             std::move(hint));
}

void Reader::note(std::string_view key, std::string value) {
  const auto* found = find(key);
  const auto* given = override_of(key);
  auto origin =
      found == nullptr ? "default" : text::format("{}:{}", notes().file(), found->span.line);
  if (given != nullptr) origin = given->source;
  notes().settings.push_back(
      {.name = setting(key), .value = std::move(value), .origin = std::move(origin)});
}

const std::string* Reader::string_node(std::string_view key, Need need) {
  if (need == Need::required) table_.require(key);
  return table_.text(key);
}

bool Reader::holds(std::string_view key, std::string_view value, Form form,
                   const toml::Span& span) {
  auto complaint = form(value);
  if (!complaint) return true;
  problem_at(key, span, text::format("`{}` {}", key, complaint->what), std::move(complaint->hint));
  return false;
}

std::string Reader::text(std::string_view key, Need need, Form form) {
  const auto* value = string_node(key, need);
  if (value == nullptr || !holds(key, *value, form, find(key)->span)) return {};
  note(key, *value);
  return *value;
}

std::string Reader::text_or(std::string_view key, std::string_view fallback, Form form) {
  if (has(key)) return text(key, Need::optional, form);
  if (!fallback.empty()) note(key, std::string(fallback));
  return std::string(fallback);
}

std::vector<std::string> Reader::texts(std::string_view key, Need need, Form form) {
  const auto* found = need == Need::required ? table_.require(key) : find(key);
  if (found == nullptr) return {};
  const auto hint = text::format(R"(write it like `{} = ["..."]`)", key);
  if (found->array() != nullptr && found->array()->empty()) {
    problem(key, text::format("`{}` is an empty list", key), hint);
    return {};
  }
  std::vector<std::string> list;
  for (const auto* item : table_.texts(key, hint)) {
    const auto& value = *item->string();
    if (!holds(key, value, form, item->span)) continue;
    if (std::ranges::find(list, value) != list.end()) {
      notes().problems.add(item->span, text::format("`{}` has this value twice", key));
    }
    list.push_back(value);
  }
  if (found->array() != nullptr) note(key, text::join(list, ", "));
  return list;
}

std::chrono::seconds Reader::duration_or(std::string_view key, std::chrono::seconds fallback,
                                         std::chrono::seconds least, std::chrono::seconds most) {
  const auto* value = string_node(key, Need::optional);
  if (value == nullptr) {
    if (!has(key)) note(key, time::format_duration(fallback));
    return fallback;
  }
  const auto duration = time::parse_duration(*value);
  if (!duration) {
    problem(key, text::format("`{}` is not valid: {}", key, duration.error().message),
            "write it like `10m`");
    return fallback;
  }
  if (*duration < least || *duration > most) {
    problem(key,
            text::format("`{}` is {}, it must be {} to {}", key, time::format_duration(*duration),
                         time::format_duration(least), time::format_duration(most)));
    return fallback;
  }
  note(key, time::format_duration(*duration));
  return *duration;
}

std::string Reader::resolved(std::string_view path) const {
  return (section_.notes.folder / path).lexically_normal().string();
}

std::filesystem::path Reader::path(std::string_view key, Need need) {
  const auto* value = string_node(key, need);
  if (value == nullptr || !holds(key, *value, any_text, find(key)->span)) return {};
  auto full = resolved(*value);
  note(key, full);
  return full;
}

std::string Reader::address(std::string_view key, Need need, std::string_view scheme, Form form) {
  const auto* value = string_node(key, need);
  if (value == nullptr || !holds(key, *value, form, find(key)->span)) return {};
  const bool has_path = value->starts_with(scheme);
  auto full =
      has_path ? text::format("{}{}", scheme, resolved(value->substr(scheme.size()))) : *value;
  note(key, full);
  return full;
}

std::string Reader::reference(std::string_view key, Need need) {
  return address(key, need, "file:", reference_form);
}

std::vector<std::string> Reader::references(std::string_view key) {
  const auto* found = find(key);
  if (found == nullptr) return {};
  if (found->array() == nullptr) return {reference(key, Need::optional)};
  constexpr std::string_view kFile = "file:";
  auto list = texts(key, Need::optional, reference_form);
  for (auto& item : list) {
    if (item.starts_with(kFile)) {
      item = text::format("{}{}", kFile, resolved(item.substr(kFile.size())));
    }
  }
  return list;
}

std::uint64_t Reader::size_or(std::string_view key, std::uint64_t fallback, std::uint64_t least) {
  const auto* value = string_node(key, Need::optional);
  if (value == nullptr) return fallback;
  const auto size = bytes_in(*value);
  if (!size) {
    problem(key, text::format("`{}` is not a size", key),
            "write a whole number with a unit, like `64MB` or `1GiB`");
    return fallback;
  }
  if (*size < least) {
    problem(key, text::format("`{}` must be at least {} bytes", key, least));
    return fallback;
  }
  note(key, *value);
  return *size;
}

}  // namespace mcpauth::config
