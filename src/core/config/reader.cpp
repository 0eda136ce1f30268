#include "core/config/reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/codec/text.hpp"
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

Reader::Reader(Notes& notes, const toml::Table& table, const toml::Span& span, std::string title,
               std::string path)
    : notes_(notes), table_(table), span_(span), title_(std::move(title)), path_(std::move(path)) {}

const Override* Reader::override_of(std::string_view key) const {
  const auto setting = path_ + "." + std::string(key);
  const auto found = std::ranges::find(notes_.overrides, setting, &Override::setting);
  return found == notes_.overrides.end() ? nullptr : &*found;
}

Problem Reader::problem_at(std::string_view key, const toml::Span& span, std::string message,
                           std::string hint) const {
  const auto* given = override_of(key);
  return toml::problem(given != nullptr ? given->source : notes_.file, span, std::move(message),
                       std::move(hint));
}

void Reader::problem(std::string_view key, std::string message, std::string hint) {
  const auto* found = table_.find(key);
  notes_.problems.push_back(
      problem_at(key, found != nullptr ? found->span : span_, std::move(message), std::move(hint)));
}

void Reader::note(std::string_view key, std::string value) {
  const auto* found = table_.find(key);
  const auto* given = override_of(key);
  auto origin = found == nullptr ? "default" : notes_.file + ":" + std::to_string(found->span.line);
  if (given != nullptr) origin = given->source;
  notes_.settings.push_back({.name = path_ + "." + std::string(key),
                             .value = std::move(value),
                             .origin = std::move(origin)});
}

const toml::Node* Reader::node(std::string_view key) {
  known_.push_back(key);
  return table_.find(key);
}

const std::string* Reader::string_node(std::string_view key, Need need) {
  const auto* found = node(key);
  if (found == nullptr) {
    if (need == Need::required) problem(key, title_ + " has no `" + std::string(key) + "`");
    return nullptr;
  }
  if (found->string() == nullptr) {
    problem(key, "`" + std::string(key) + "` is " + std::string(found->kind()) +
                     ", it must be a string");
  }
  return found->string();
}

bool Reader::holds(std::string_view key, std::string_view value, Form form,
                   const toml::Span& span) {
  auto complaint = form(value);
  if (!complaint) return true;
  notes_.problems.push_back(problem_at(key, span, "`" + std::string(key) + "` " + complaint->what,
                                       std::move(complaint->hint)));
  return false;
}

std::string Reader::text(std::string_view key, Need need, Form form) {
  const auto* value = string_node(key, need);
  if (value == nullptr || !holds(key, *value, form, table_.find(key)->span)) return {};
  note(key, *value);
  return *value;
}

std::string Reader::text_or(std::string_view key, std::string_view fallback, Form form) {
  if (has(key)) return text(key, Need::optional, form);
  known_.push_back(key);
  if (!fallback.empty()) note(key, std::string(fallback));
  return std::string(fallback);
}

std::vector<std::string> Reader::texts(std::string_view key, Need need, Form form) {
  const auto* found = node(key);
  if (found == nullptr) {
    if (need == Need::required) problem(key, title_ + " has no `" + std::string(key) + "`");
    return {};
  }
  if (found->array() == nullptr || found->array()->empty()) {
    const auto what = found->array() != nullptr ? "an empty list" : std::string(found->kind());
    problem(key, "`" + std::string(key) + "` is " + what + ", it must be a list of strings",
            "write it like `" + std::string(key) + " = [\"...\"]`");
    return {};
  }
  std::vector<std::string> list;
  std::string joined;
  for (const auto& item : *found->array()) {
    if (item.string() == nullptr) {
      notes_.problems.push_back(toml::problem(notes_.file, item.span,
                                              "`" + std::string(key) + "` must hold strings only"));
      continue;
    }
    if (!holds(key, *item.string(), form, item.span)) continue;
    if (std::ranges::find(list, *item.string()) != list.end()) {
      notes_.problems.push_back(
          toml::problem(notes_.file, item.span, "`" + std::string(key) + "` names it twice"));
    }
    joined += (list.empty() ? "" : ", ") + *item.string();
    list.push_back(*item.string());
  }
  note(key, std::move(joined));
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
    problem(key, "`" + std::string(key) + "` is no duration: " + duration.error().message,
            "write it like `10m`");
    return fallback;
  }
  if (*duration < least || *duration > most) {
    problem(key, "`" + std::string(key) + "` is " + time::format_duration(*duration) +
                     ", it must be " + time::format_duration(least) + " to " +
                     time::format_duration(most));
    return fallback;
  }
  note(key, time::format_duration(*duration));
  return *duration;
}

std::string Reader::resolved(std::string_view path) const {
  return (notes_.folder / path).lexically_normal().string();
}

std::filesystem::path Reader::path(std::string_view key, Need need) {
  const auto* value = string_node(key, need);
  if (value == nullptr || !holds(key, *value, any_text, table_.find(key)->span)) return {};
  auto full = resolved(*value);
  note(key, full);
  return full;
}

std::string Reader::address(std::string_view key, Need need, std::string_view scheme, Form form) {
  const auto* value = string_node(key, need);
  if (value == nullptr || !holds(key, *value, form, table_.find(key)->span)) return {};
  const bool has_path = value->starts_with(scheme);
  auto full = has_path ? std::string(scheme) + resolved(value->substr(scheme.size())) : *value;
  note(key, full);
  return full;
}

std::string Reader::reference(std::string_view key, Need need) {
  return address(key, need, "file:", reference_form);
}

std::vector<std::string> Reader::references(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr) return {};
  if (found->array() == nullptr) return {reference(key, Need::optional)};
  constexpr std::string_view kFile = "file:";
  auto list = texts(key, Need::optional, reference_form);
  for (auto& item : list) {
    if (item.starts_with(kFile)) {
      item = std::string(kFile) + resolved(std::string_view(item).substr(kFile.size()));
    }
  }
  return list;
}

std::uint64_t Reader::size_or(std::string_view key, std::uint64_t fallback, std::uint64_t least) {
  const auto* value = string_node(key, Need::optional);
  if (value == nullptr) return fallback;
  const auto size = bytes_in(*value);
  const std::string name = "`" + std::string(key) + "`";
  if (!size) {
    problem(key, name + " is no size", "a whole number with a unit, like `64MB` or `1GiB`");
    return fallback;
  }
  if (*size < least) {
    problem(key, name + " must be at least " + std::to_string(least) + " bytes");
    return fallback;
  }
  note(key, *value);
  return *size;
}

void Reader::finish() {
  for (const auto& entry : table_.entries) {
    if (std::ranges::find(known_, entry.key) != known_.end()) continue;
    std::string keys;
    for (const auto key : known_)
      keys += (keys.empty() ? "" : ", ") + std::string(key);
    auto hint = text::did_you_mean(entry.key, known_);
    if (hint.empty()) hint = "the keys are " + keys;
    notes_.problems.push_back(toml::problem(
        notes_.file, entry.key_span, title_ + " has no key `" + entry.key + "`", std::move(hint)));
  }
}

}  // namespace mcpauth::config
