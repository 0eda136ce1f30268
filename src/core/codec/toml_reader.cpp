#include "core/codec/toml_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/base/panic.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::toml {

std::optional<std::string_view> FaultSink::suggestion(
    std::string_view word, std::span<const std::string_view> candidates) {
  constexpr unsigned kMost = 100;
  if (suggestions_ >= kMost) return std::nullopt;
  ++suggestions_;
  return text::nearest(word, candidates);
}

void Problems::add(Fault fault) {
  add(fault.span, std::move(fault.message), std::move(fault.hint));
}

void Problems::add(const Span& span, std::string message, std::string hint) {
  add(problem(file_, span, std::move(message), std::move(hint)));
}

void Problems::add(Problem problem) {
  problems_.push_back(std::move(problem));
}

std::vector<Problem> Problems::take() {
  std::ranges::stable_sort(problems_, {}, [](const Problem& problem) {
    return std::pair(problem.line, problem.column);
  });
  return std::move(problems_);
}

void add_wrong_type(FaultSink& sink, const Node& node, std::string_view subject,
                    std::string_view wanted, std::string_view hint) {
  sink.add({.kind = FaultKind::wrong_type,
            .span = node.span,
            .message = text::format("{} must be {}, not {}", subject, wanted, node.kind()),
            .hint = std::string(hint)});
}

const Table& table_of(FaultSink& sink, const Node& node, std::string_view subject) {
  static const Table kEmpty;
  if (const auto* table = node.table()) return *table;
  add_wrong_type(sink, node, subject, "a table");
  return kEmpty;
}

const std::string* text_of(FaultSink& sink, const Node& node, std::string_view subject,
                           std::string_view hint) {
  if (node.string() == nullptr) add_wrong_type(sink, node, subject, "a string", hint);
  return node.string();
}

std::vector<const Node*> texts_of(FaultSink& sink, const Node& node, std::string_view subject,
                                  std::string_view hint) {
  std::vector<const Node*> texts;
  const auto* list = node.array();
  if (list == nullptr) {
    const bool lone = hint.empty() && node.string() != nullptr;
    add_wrong_type(sink, node, subject, "a list of strings",
                   lone ? text::format(R"(write ["{}"])", *node.string()) : std::string(hint));
    return texts;
  }
  texts.reserve(list->size());
  for (const Node& item : *list) {
    if (item.string() != nullptr) {
      texts.push_back(&item);
    } else {
      add_wrong_type(sink, item, text::format("an item of {}", subject), "a string");
    }
  }
  return texts;
}

TableReader::TableReader(FaultSink& sink, const Node& node, std::string_view what,
                         std::span<const std::string_view> keys)
    : TableReader(sink, table_of(sink, node, what), node.span, what, keys) {}

TableReader::TableReader(FaultSink& sink, const Table& table, const Span& span,
                         std::string_view what, std::span<const std::string_view> keys)
    : sink_(&sink), table_(&table), span_(span), what_(what), keys_(keys) {
  report_unknown_keys();
}

void TableReader::report_unknown_keys() {
  for (const Entry& entry : table_->entries) {
    if (std::ranges::find(keys_, entry.key) != keys_.end()) continue;
    const auto near = sink_->suggestion(entry.key, keys_);
    Fault fault{
        .kind = FaultKind::unknown_key,
        .span = entry.key_span,
        .message = text::format("unknown key `{}` in {}", entry.key, what_),
        .hint = near ? text::did_you_mean(*near) : "the keys are " + text::join(keys_, ", ")};
    if (near) fault.instead = std::string(*near);
    sink_->add(std::move(fault));
  }
}

const Node* TableReader::find(std::string_view key) const {
  if (std::ranges::find(keys_, key) == keys_.end()) panic("a table is read beyond its keys");
  return table_->find(key);
}

const Node* TableReader::require(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) {
    sink_->add({.kind = FaultKind::missing_key,
                .span = span_,
                .message = text::format("{} needs `{}`", what_, key)});
  }
  return node;
}

const std::string* TableReader::text(std::string_view key, std::string_view hint) {
  const auto* node = find(key);
  return node == nullptr ? nullptr : text_of(*sink_, *node, text::quoted(key), hint);
}

std::vector<const Node*> TableReader::texts(std::string_view key, std::string_view hint) {
  const auto* node = find(key);
  if (node == nullptr) return {};
  return texts_of(*sink_, *node, text::quoted(key), hint);
}

}  // namespace mcpauth::toml
