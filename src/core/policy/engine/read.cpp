#include "core/policy/engine/read.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/panic.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::policy {
namespace {

std::string_view rule_of(toml::FaultKind kind) {
  switch (kind) {
    case toml::FaultKind::unknown_key:
      return rule::kUnknownKey;
    case toml::FaultKind::missing_key:
      return rule::kMissingKey;
    case toml::FaultKind::wrong_type:
      return rule::kWrongType;
  }
  panic("a kind of fault without a rule");
}

/// The node's string, or a report when it is empty.
std::optional<Text> checked_text(Report& report, const toml::Node& node, std::string_view name,
                                 std::string_view complaint) {
  if (!node.string()->empty()) return Text{*node.string(), report.place(node.span)};
  report.add(rule::kMalformedValue, node.span, text::format("`{}` {}", name, complaint));
  return std::nullopt;
}

}  // namespace

Problem Fault::problem() const {
  return toml::problem(place.file, place.span, message, hint);
}

void Report::add(toml::Fault fault) {
  auto& added =
      add(rule_of(fault.kind), fault.span, std::move(fault.message), std::move(fault.hint));
  added.instead = std::move(fault.instead);
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
  const auto near = suggestion(word, candidates);
  auto& fault =
      add(rule, place, std::move(message), near ? text::did_you_mean(*near) : std::move(otherwise));
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
  return toml::table_of(report, node, text::quoted(name));
}

std::vector<Text> texts_of(Report& report, const toml::Node& node, std::string_view name) {
  std::vector<Text> texts;
  for (const auto* item : toml::texts_of(report, node, text::quoted(name))) {
    auto text = checked_text(report, *item, name, "has an empty string");
    if (text) texts.push_back(*std::move(text));
  }
  return texts;
}

std::optional<Text> TableReader::text(std::string_view key, std::string_view hint) {
  if (reader_.text(key, hint) == nullptr) return std::nullopt;
  return checked_text(report_, *reader_.find(key), key, "is empty");
}

std::vector<Text> TableReader::texts(std::string_view key) {
  const auto* node = find(key);
  return node == nullptr ? std::vector<Text>{} : texts_of(report_, *node, key);
}

Fields TableReader::fields() const {
  const auto keys = reader_.keys();
  Fields fields;
  fields.reserve(reader_.table().entries.size());
  for (const auto& entry : reader_.table().entries) {
    const auto known = std::ranges::find(keys, entry.key);
    if (known != keys.end()) fields.push_back({*known, entry.key_span, entry.node.span});
  }
  return fields;
}

}  // namespace mcpauth::policy
