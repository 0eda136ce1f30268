#include "cli/audit/filter_option.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "core/codec/format.hpp"
#include "core/codec/style.hpp"
#include "core/policy/lint/source/snippet.hpp"

namespace mcpauth::cli {
namespace {

/// Prints the expression, or of a long one the part around the mistake, with a caret below it.
void draw(std::string_view expression, const Problem& problem, Env& env) {
  std::string line(expression);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  const policy::lint::SourceText source(line);
  const auto shown = policy::lint::snippet_of(
      source,
      {.line = 1, .column = problem.column, .end_line = 1, .end_column = problem.column + 1});
  env.err << text::format("  {}\n  {:{}}{}\n", shown.text, "", shown.lead,
                          text::styled("^", text::Style::bold_red, env.color_err));
}

}  // namespace

Result<std::optional<audit::query::Filter>> filter_option(std::string_view flag,
                                                          std::string_view expression, Env& env) {
  if (expression.empty()) return std::optional<audit::query::Filter>();
  auto filter = audit::query::Filter::parse(expression, env.now());
  if (filter) return std::optional(*std::move(filter));
  auto error = std::move(filter).error();
  if (!env.globals.json && error.problems.front().column != 0) {
    draw(expression, error.problems.front(), env);
    error.why.clear();  // the drawing shows it
  }
  return std::move(error).context(flag);
}

}  // namespace mcpauth::cli
