#include "core/codec/toml.hpp"

#include <algorithm>

#include "core/codec/toml_scan.hpp"

// The library's assertions are reachable from input, and with NDEBUG some become assumptions that
// the compiler may build on. `scan` keeps such input away; this keeps the rest from mattering.
#undef NDEBUG
#define TOML_ASSERT(...) static_cast<void>(0)
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace mcpauth::toml {
namespace {

namespace lib = ::toml;

Span span_of(const lib::source_region& region) {
  return {region.begin.line, region.begin.column, region.end.line, region.end.column};
}

class Converter {
 public:
  Converter(std::string_view file, unsigned depth) : file_(file), depth_(depth) {}

  Node node(const lib::node& from) {
    Node to;
    to.span = span_of(from.source());
    if (const auto* inner = from.as_table()) {
      to.value = table(*inner, to.span);
    } else if (const auto* list = from.as_array()) {
      to.value = array(*list, to.span);
    } else {
      scalar(from, to);
    }
    return to;
  }

  Table table(const lib::table& from, const Span& span) {
    Table to;
    if (!enter(span)) return to;
    to.entries.reserve(from.size());
    for (const auto& [key, child] : from) {
      to.entries.push_back({std::string(key.str()), span_of(key.source()), node(child)});
    }
    std::ranges::sort(to.entries, [](const Entry& a, const Entry& b) {
      return std::pair(a.key_span.line, a.key_span.column) <
             std::pair(b.key_span.line, b.key_span.column);
    });
    --level_;
    return to;
  }

  std::optional<Problem> problem;

 private:
  bool enter(const Span& span) {
    if (level_ >= depth_) {
      fail(span, "nested more than " + std::to_string(depth_) + " levels deep");
      return false;
    }
    ++level_;
    return true;
  }

  void fail(const Span& span, std::string message, std::string hint = {}) {
    if (!problem) problem = toml::problem(file_, span, std::move(message), std::move(hint));
  }

  Array array(const lib::array& from, const Span& span) {
    Array to;
    if (!enter(span)) return to;
    to.reserve(from.size());
    for (const auto& child : from)
      to.push_back(node(child));
    --level_;
    return to;
  }

  void scalar(const lib::node& from, Node& to) {
    if (const auto* text = from.as_string()) {
      to.value = text->get();
    } else if (const auto* whole = from.as_integer()) {
      to.value = std::int64_t{whole->get()};
    } else if (const auto* real = from.as_floating_point()) {
      to.value = real->get();
    } else if (const auto* flag = from.as_boolean()) {
      to.value = flag->get();
    } else if (const auto* day = from.as_date()) {
      to.value = date(day->get(), to.span);
    } else if (const auto* moment = from.as_date_time()) {
      to.value = instant(moment->get(), to.span);
    } else {
      fail(to.span, "a time needs a date", "write it as 2027-01-31T10:00:00Z");
    }
  }

  Date date(const lib::date& from, const Span& span) {
    const Date to{std::chrono::year(from.year), std::chrono::month(from.month),
                  std::chrono::day(from.day)};
    if (!to.ok()) fail(span, "there is no such date");
    return to;
  }

  // A fraction of a second is dropped: what expires does so no later than written.
  Instant instant(const lib::date_time& from, const Span& span) {
    const Date day = date(from.date, span);
    if (!day.ok()) return {};
    const std::chrono::minutes offset(from.offset ? from.offset->minutes : 0);
    return std::chrono::sys_days(day) + std::chrono::hours(from.time.hour) +
           std::chrono::minutes(from.time.minute) + std::chrono::seconds(from.time.second) - offset;
  }

  std::string_view file_;
  unsigned depth_;
  unsigned level_ = 0;
};

std::string_view line_of(std::string_view text, unsigned line) {
  for (unsigned i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string_view without_blanks_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// The line up to `column`, where a value begins, without the name's `=` and what follows it.
std::string_view up_to_name_end(std::string_view line, unsigned column) {
  std::size_t at = 0;
  for (unsigned i = 1; i < column && at < line.size(); ++i) {
    do
      ++at;
    while (at < line.size() && continues(line[at]));
  }
  line = without_blanks_behind(line.substr(0, at));
  if (line.ends_with('=')) line.remove_suffix(1);
  return without_blanks_behind(line);
}

/// The dotted name that ends where `line` does.
std::string_view name_at_end(std::string_view line) {
  std::string_view rest = line;
  while (!rest.empty()) {
    const char last = rest.back();
    if (last == '"' || last == '\'') {
      const auto open = rest.substr(0, rest.size() - 1).rfind(last);
      if (open == std::string_view::npos) break;
      rest = rest.substr(0, open);
    } else {
      rest = rest.substr(0, rest.find_last_of(" \t.,{=") + 1);
    }
    const auto before = without_blanks_behind(rest);
    if (!before.ends_with('.')) break;
    rest = without_blanks_behind(before.substr(0, before.size() - 1));
  }
  return line.substr(rest.size());
}

/// What stands between the first and the last single quote of the library's message.
std::string_view quoted(std::string_view message) {
  const auto first = message.find('\'');
  const auto last = message.rfind('\'');
  if (first == last) return {};
  return message.substr(first + 1, last - first - 1);
}

Problem explain(const lib::parse_error& error, std::string_view text, std::string_view file) {
  std::string_view what = error.description();
  if (what.starts_with("Error while parsing ")) what.remove_prefix(what.find(": ") + 2);
  Span span{error.source().begin.line, error.source().begin.column, 0, 0};
  auto name = quoted(what);
  if (!what.starts_with("cannot redefine existing ") || name.empty()) {
    std::string message(what);
    if (!name.empty()) std::ranges::replace(message, '\'', '`');
    return problem(file, span, std::move(message));
  }
  // The library places a second value where the value begins; people look for the name.
  const auto before = up_to_name_end(line_of(text, span.line), span.column);
  if (!before.empty()) {
    name = name_at_end(before);
    const auto ahead = before.substr(0, before.size() - name.size());
    span.column = 1 + static_cast<unsigned>(ahead.size()) -
                  static_cast<unsigned>(std::ranges::count_if(ahead, continues));
  }
  return problem(file, span, "`" + std::string(name) + "` is defined a second time",
                 "keep one of the two");
}

Error error_of(Problem problem) {
  return error_from(Errc::config, {std::move(problem)});
}

}  // namespace

const Node* Table::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &found->node;
}

std::string_view Node::kind() const {
  static constexpr std::string_view kNames[] = {"nothing",         "a boolean", "a whole number",
                                                "a number",        "a string",  "a date",
                                                "a date and time", "a list",    "a table"};
  return kNames[value.index()];
}

Problem problem(std::string_view file, const Span& span, std::string message, std::string hint) {
  return {.file = std::string(file),
          .line = span.line,
          .column = span.column,
          .message = std::move(message),
          .hint = std::move(hint)};
}

Result<Table> parse(std::string_view text, std::string_view file, const Limits& limits) try {
  if (auto bad = scan(text, file, limits)) return error_of(*std::move(bad));
  // With a line break at the end the library never has to look beyond the last byte.
  const std::string whole = std::string(text) + '\n';
  const lib::table table = lib::parse(std::string_view(whole));
  Converter converter(file, limits.depth);
  Table out = converter.table(table, span_of(table.source()));
  if (converter.problem) return error_of(*std::move(converter.problem));
  return out;
} catch (const lib::parse_error& error) {
  return error_of(explain(error, text, file));
}

}  // namespace mcpauth::toml
