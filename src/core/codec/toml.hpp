#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::toml {

/// A place in the text: lines and columns from 1, columns in code points, `end` exclusive.
struct Span {
  unsigned line = 0, column = 0;
  unsigned end_line = 0, end_column = 0;
};

class Node;
struct Entry;
using Array = std::vector<Node>;

/// A table in the order of the file.
struct Table {
  std::vector<Entry> entries;
  const Node* find(std::string_view key) const;
};

/// A date without a time. A date with a time is an Instant, and needs an offset.
using Date = std::chrono::year_month_day;

/// A value and its place.
class Node {
 public:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Date, Instant, Array, Table>
      value;
  Span span;

  const bool* boolean() const { return std::get_if<bool>(&value); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value); }
  const std::string* string() const { return std::get_if<std::string>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  const Table* table() const { return std::get_if<Table>(&value); }
  /// Its type, for a message: "a string", "a list", ...
  std::string_view kind() const;
};

struct Entry {
  std::string key;
  Span key_span;
  Node node;
};

struct Limits {
  std::size_t bytes = 8 << 20;
  unsigned depth = 32;             ///< tables and lists within each other
  std::size_t values = 1'000'000;  ///< values and names in all
};

/// Reads TOML 1.0. `file` is for messages only. A scan before the library (toml_scan.hpp) refuses
/// invalid UTF-8, a BOM, control characters, and non-ASCII outside strings and comments. The span
/// of a table written as `[name]` or `[[name]]` is its header; the span of one made by a dotted
/// name is that name. `lists` are the dotted names of lists of tables, for hints only. The error
/// has one Problem, because the library stops at the first.
Result<Table> parse(std::string_view text, std::string_view file, const Limits& limits = {},
                    std::span<const std::string_view> lists = {});

/// A hint for when one table is written in place of a list of tables: write `[[name]]`.
std::string two_brackets(std::string_view name);

/// A Problem at a span.
Problem problem(std::string_view file, const Span& span, std::string message,
                std::string hint = {});

}  // namespace mcpauth::toml
