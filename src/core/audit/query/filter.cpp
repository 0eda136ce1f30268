#include "core/audit/query/filter.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/audit/query/condition.hpp"
#include "core/audit/query/filter_parse.hpp"

namespace mcpauth::audit::query {
namespace {

/// std::string_view::find of libstdc++ stops at each occurrence of the first byte, which here is a
/// quote, and a record is full of quotes.
bool contains(std::string_view line, std::string_view text) {
  return ::memmem(line.data(), line.size(), text.data(), text.size()) != nullptr;
}

}  // namespace

Filter::Filter(Condition condition)
    : condition_(std::make_shared<const Condition>(std::move(condition))),
      needed_(needed_by(*condition_)) {}

Result<Filter> Filter::parse(std::string_view expression, Instant now) {
  TRY(auto condition, parse_condition(expression, now));
  return Filter(std::move(condition));
}

bool Filter::matches(const audit::LineView& record) const {
  return holds(*condition_, record);
}

bool Filter::could_match(std::string_view line) const {
  const auto is_there = [line](const std::string& text) { return contains(line, text); };
  // A value may be written with escapes; then the line need not contain the texts.
  return std::ranges::all_of(needed_, is_there) || line.find('\\') != std::string_view::npos;
}

}  // namespace mcpauth::audit::query
