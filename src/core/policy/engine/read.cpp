#include "core/policy/engine/read.hpp"

#include <algorithm>
#include <tuple>

#include "core/codec/text.hpp"

namespace mcpauth::policy {
namespace {

void report_type(Report& report, const toml::Node& node, std::string_view name,
                 std::string_view wanted, std::string_view hint = {}) {
  const bool lone = wanted == "a list of strings" && node.string() != nullptr;
  report.add(
      rule::kWrongType, node.span,
      text::quoted(name) + " needs " + std::string(wanted) + ", has " + std::string(node.kind()),
      lone ? "write [\"" + *node.string() + "\"]" : std::string(hint));
}

std::string list_of(std::span<const std::string_view> keys) {
  std::string out;
  for (const auto key : keys)
    out += (out.empty() ? "" : ", ") + std::string(key);
  return out;
}

}  // namespace

Problem Fault::problem() const {
  return toml::problem(place.file, place.span, message, hint);
}

Fault& Report::add(std::string_view rule, const toml::Span& span, std::string message,
                   std::string hint) {
  return add(rule, place(span), std::move(message), std::move(hint));
}

Fault& Report::add(std::string_view rule, const Place& place, std::string message,
                   std::string hint) {
  faults_.push_back(
      {.rule = rule, .place = place, .message = std::move(message), .hint = std::move(hint)});
  return faults_.back();
}

Fault& Report::add_unknown(std::string_view rule, const Place& place, std::string message,
                           std::string_view word, std::span<const std::string_view> candidates,
                           std::string otherwise) {
  constexpr unsigned kMost = 100;
  std::optional<std::string_view> near;
  if (suggestions_++ < kMost) near = text::nearest(word, candidates);
  auto& fault = add(rule, place, std::move(message),
                    near ? text::did_you_mean(word, {&*near, 1}) : std::move(otherwise));
  if (near) fault.instead = std::string(*near);
  return fault;
}

std::vector<Fault> Report::take() {
  std::ranges::stable_sort(faults_, [](const Fault& a, const Fault& b) {
    const auto key = [](const Fault& fault) {
      const auto& [file, span] = fault.place;
      return std::tie(file, span.line, span.column, fault.message);
    };
    return key(a) < key(b);
  });
  return std::move(faults_);
}

const toml::Table& table_of(Report& report, const toml::Node& node, std::string_view name) {
  static const toml::Table kEmpty;
  if (const auto* table = node.table()) return *table;
  report_type(report, node, name, "a table");
  return kEmpty;
}

std::optional<Text> text_of(Report& report, const toml::Node& node, std::string_view name,
                            std::string_view hint) {
  const auto* text = node.string();
  if (text == nullptr) {
    report_type(report, node, name, "a string", hint);
  } else if (text->empty()) {
    report.add(rule::kMalformedValue, node.span, text::quoted(name) + " is empty");
  } else {
    return Text{*text, report.place(node.span)};
  }
  return std::nullopt;
}

std::vector<Text> texts_of(Report& report, const toml::Node& node, std::string_view name) {
  std::vector<Text> texts;
  const auto* list = node.array();
  if (list == nullptr) {
    report_type(report, node, name, "a list of strings");
    return texts;
  }
  texts.reserve(list->size());
  for (const auto& item : *list) {
    if (item.string() == nullptr) {
      report_type(report, item, name, "strings only");
    } else if (item.string()->empty()) {
      report.add(rule::kMalformedValue, item.span, text::quoted(name) + " has an empty string");
    } else {
      texts.push_back({*item.string(), report.place(item.span)});
    }
  }
  return texts;
}

TableReader::TableReader(Report& report, const toml::Node& node, std::string_view what,
                         std::span<const std::string_view> keys)
    : report_(report),
      table_(&table_of(report, node, what)),
      span_(node.span),
      what_(what),
      keys_(keys) {
  for (const auto& entry : table_->entries) {
    if (std::ranges::find(keys_, entry.key) != keys_.end()) continue;
    report_.add_unknown(rule::kUnknownKey, report_.place(entry.key_span),
                        "unknown key " + text::quoted(entry.key) + " in " + std::string(what_),
                        entry.key, keys_, "known here: " + list_of(keys_));
  }
}

const toml::Node* TableReader::require(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr)
    report_.add(rule::kMissingKey, span_, std::string(what_) + " needs " + text::quoted(key));
  return node;
}

std::optional<Text> TableReader::text(std::string_view key, std::string_view hint) {
  const auto* node = find(key);
  return node == nullptr ? std::nullopt : text_of(report_, *node, key, hint);
}

std::vector<Text> TableReader::texts(std::string_view key) {
  const auto* node = find(key);
  return node == nullptr ? std::vector<Text>{} : texts_of(report_, *node, key);
}

Fields TableReader::fields() const {
  Fields fields;
  fields.reserve(table_->entries.size());
  for (const auto& entry : table_->entries) {
    const auto known = std::ranges::find(keys_, entry.key);
    if (known != keys_.end()) fields.push_back({*known, entry.key_span, entry.node.span});
  }
  return fields;
}

}  // namespace mcpauth::policy
