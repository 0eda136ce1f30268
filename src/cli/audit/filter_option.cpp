#include "cli/audit/filter_option.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "core/policy/lint/source/snippet.hpp"

namespace mcpauth::cli {
namespace {

/// The expression with a caret below the column; of a long one the part about it.
void draw(std::string_view expression, const Problem& problem, Env& env) {
  std::string line(expression);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  const policy::lint::SourceText source(line);
  const auto shown = policy::lint::snippet_of(
      source,
      {.line = 1, .column = problem.column, .end_line = 1, .end_column = problem.column + 1});
  env.err << "  " << shown.text << "\n  " << std::string(shown.lead, ' ')
          << (env.color_err ? "\033[1;31m^\033[0m\n" : "^\n");
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
    error.why.clear();  // it is drawn
  }
  return std::move(error).context(flag);
}

}  // namespace mcpauth::cli
