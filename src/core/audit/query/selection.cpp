#include "core/audit/query/selection.hpp"

#include "core/audit/query/fields.hpp"

namespace mcpauth::audit::query {
namespace {

bool in_time(const Selection& selection, Instant ts) {
  return (!selection.since || ts >= *selection.since) &&
         (!selection.until || ts < *selection.until);
}

}  // namespace

bool Selection::could_select(std::string_view line) const {
  if (since || until) {
    const auto ts = ts_of(line);
    if (ts && !in_time(*this, *ts)) return false;
  }
  return !where || where->could_match(line);
}

bool Selection::selects(const audit::LineView& record) const {
  if (since || until) {
    const auto ts = record.ts();
    if (!ts || !in_time(*this, *ts)) return false;
  }
  return !where || where->matches(record);
}

bool Selection::selects(std::string_view line) const {
  if (!could_select(line)) return false;
  const auto record = audit::LineView::of(line);
  return record && selects(*record);
}

}  // namespace mcpauth::audit::query
