#include "cli/audit/selection_options.hpp"

#include "cli/audit/filter_option.hpp"
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

Result<audit::query::Selection> parse_selection(const SelectionOptions& options, Env& env) {
  audit::query::Selection selection;
  TRY(selection.since, instant_of(options.since, "--since", env));
  TRY(selection.until, instant_of(options.until, "--until", env));
  if (selection.since && selection.until && *selection.until <= *selection.since) {
    return Error{.code = Errc::usage, .message = "--until is not after --since"};
  }
  TRY(selection.where, filter_option("--where", options.where, env));
  return selection;
}

}  // namespace mcpauth::cli
