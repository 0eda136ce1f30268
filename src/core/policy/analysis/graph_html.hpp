#pragma once

#include <string>
#include <string_view>

#include "core/policy/analysis/graph.hpp"

namespace mcpauth::policy::analysis {

/// One HTML page without scripts that loads nothing. It has a drawing, and tables with the same
/// content that its nodes link to, so it can be read with a keyboard and by a screen reader. A
/// graph that is too large to be seen is not drawn.
std::string to_html(const Graph& graph, std::string_view title);

}  // namespace mcpauth::policy::analysis
