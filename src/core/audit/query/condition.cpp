#include "core/audit/query/condition.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "core/audit/query/fields.hpp"
#include "core/audit/query/glob.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit::query {
namespace {

using audit::Field;
using audit::LineView;

constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();

bool has_escape(std::string_view raw) {
  return raw.find('\\') != std::string_view::npos;
}

bool passes(const auto& test, std::string_view text) {
  if constexpr (requires { test.pattern; }) {
    return glob_matches(test.pattern, text);
  } else {
    return test.text == text;
  }
}

/// `raw` is `["a","b"]` without escapes, so each text between two quotes is a scope.
bool any_in_list(const auto& test, std::string_view raw) {
  for (std::size_t open = raw.find('"'); open != std::string_view::npos;
       open = raw.find('"', open)) {
    const std::size_t close = raw.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (passes(test, raw.substr(open + 1, close - open - 1))) return true;
    open = close + 1;
  }
  return false;
}

bool text_passes(const auto& test, Field field, const LineView& record) {
  const auto raw = record.raw(field);
  if (field == Field::scopes) {
    if (!has_escape(raw)) return any_in_list(test, raw);
    return std::ranges::any_of(record.scopes(),
                               [&](const auto& scope) { return passes(test, scope); });
  }
  if (raw.size() < 2 || raw.front() != '"') return false;
  if (has_escape(raw)) return passes(test, record.text(field));
  return passes(test, raw.substr(1, raw.size() - 2));
}

std::optional<std::int64_t> number_of(Field field, const LineView& record) {
  if (field == Field::seq) {
    // No filter has a bound above int64 (filter_parse.cpp), so all greater numbers are equal.
    return static_cast<std::int64_t>(std::min<std::uint64_t>(record.seq(), kLargest));
  }
  if (field != Field::ts) return record.number(field);
  const auto raw = record.raw(field);
  auto at = raw.size() < 2 ? std::nullopt : plain_instant(raw.substr(1, raw.size() - 2));
  if (!at) at = record.ts();
  if (!at) return std::nullopt;
  return std::int64_t{at->time_since_epoch().count()};
}

struct Holds {
  Field field;
  const LineView& record;

  bool operator()(const Present&) const {
    return !record.is_null(field) && record.raw(field) != "[]";
  }
  bool operator()(const Equals& test) const { return text_passes(test, field, record); }
  bool operator()(const Like& test) const { return text_passes(test, field, record); }
  bool operator()(const Within& test) const {
    const auto number = number_of(field, record);
    return number && test.low <= *number && *number <= test.high;
  }
};

/// `"tool":"`, or for a scope only the quote.
std::string start_of(Field field) {
  if (field == Field::scopes) return "\"";
  return text::format("\"{}\":\"", audit::name(field));
}

struct Needs {
  Field field;

  std::string operator()(const Present&) const { return {}; }
  std::string operator()(const Equals& test) const { return start_of(field) + test.text + "\""; }
  std::string operator()(const Like& test) const {
    const std::size_t wild = test.pattern.find_first_of("*?");
    if (wild == std::string::npos) return (*this)(Equals{test.pattern});
    // Every line contains a quote.
    if (field == Field::scopes && wild == 0) return {};
    return start_of(field) + test.pattern.substr(0, wild);
  }
  std::string operator()(const Within& test) const {
    if (field == Field::ts || test.low != test.high) return {};
    return text::format("\"{}\":{}", audit::name(field), test.low);
  }
};

}  // namespace

bool holds(const Condition& condition, const LineView& record) {
  const auto part_holds = [&record](const Condition& part) { return holds(part, record); };
  switch (condition.kind) {
    case Condition::Kind::all:
      return std::ranges::all_of(condition.parts, part_holds);
    case Condition::Kind::any:
      return std::ranges::any_of(condition.parts, part_holds);
    case Condition::Kind::negation:
      return !part_holds(condition.parts.front());
    case Condition::Kind::comparison:
      break;
  }
  const auto& [field, test] = condition.comparison;
  return std::visit(Holds{field, record}, test);
}

std::vector<std::string> needed_by(const Condition& condition) {
  std::vector<std::string> needed;
  if (condition.kind == Condition::Kind::all) {
    for (const auto& part : condition.parts) {
      for (auto& text : needed_by(part))
        needed.push_back(std::move(text));
    }
  } else if (condition.kind == Condition::Kind::comparison) {
    auto text = std::visit(Needs{condition.comparison.field}, condition.comparison.test);
    if (!text.empty()) needed.push_back(std::move(text));
  }
  return needed;
}

}  // namespace mcpauth::audit::query
