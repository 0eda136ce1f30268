#include "cli/audit/record_selection.hpp"

#include "cli/audit/filter_option.hpp"
#include "core/audit/query/fields.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

Result<std::optional<Instant>> instant_of(const std::optional<std::string>& text,
                                          std::string_view flag, const Env& env) {
  if (!text) return std::optional<Instant>();
  auto at = time::parse_instant(*text, env.now());
  if (at) return std::optional(*at);
  auto error = std::move(at).error().context(flag);
  error.code = Errc::usage;
  return error;
}

}  // namespace

Result<Selection> Selection::of(const SelectionOptions& options, Env& env) {
  Selection selection;
  TRY(selection.since_, instant_of(options.since, "--since", env));
  TRY(selection.until_, instant_of(options.until, "--until", env));
  if (selection.since_ && selection.until_ && *selection.until_ <= *selection.since_) {
    return Error{.code = Errc::usage, .message = "--until is not after --since"};
  }
  TRY(selection.where_, filter_option("--where", options.where, env));
  return selection;
}

bool Selection::in_time(Instant ts) const {
  return (!since_ || ts >= *since_) && (!until_ || ts < *until_);
}

bool Selection::could_select(std::string_view line) const {
  if (since_ || until_) {
    const auto ts = audit::query::ts_of(line);
    if (ts && !in_time(*ts)) return false;
  }
  return !where_ || where_->could_match(line);
}

bool Selection::selects(const audit::LineView& record) const {
  if (since_ || until_) {
    const auto ts = record.ts();
    if (!ts || !in_time(*ts)) return false;
  }
  return !where_ || where_->matches(record);
}

bool Selection::selects(std::string_view line) const {
  if (!could_select(line)) return false;
  const auto record = audit::LineView::of(line);
  return record && selects(*record);
}

}  // namespace mcpauth::cli
