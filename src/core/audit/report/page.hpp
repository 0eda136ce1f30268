#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/audit/report/stats.hpp"
#include "core/base/clock.hpp"

namespace mcpauth::audit::report {

/// Where the figures of a page come from, and how much it shows. The texts may be from outside.
struct PageSettings {
  std::string title = "Audit report";
  std::vector<std::string> files = {};
  std::vector<std::pair<std::string, std::string>> selection = {};  ///< "since", "2027-01-01"
  Instant made_at = {};
  std::uint64_t unreadable = 0;  ///< lines that are not records
  std::size_t top = 10;          ///< the length of each ranking
};

/// The fields that a page ranks. Its Stats must count them, in this order.
std::vector<audit::Field> page_fields();

/// One self-contained HTML page: it loads nothing and has no script. Each drawing has its figures
/// in a table, and nothing is shown by colour alone.
std::string to_html(Stats stats, const PageSettings& settings);

}  // namespace mcpauth::audit::report
