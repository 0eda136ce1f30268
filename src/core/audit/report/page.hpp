#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/audit/report/stats.hpp"
#include "core/base/clock.hpp"

namespace mcpauth::audit::report {

/// What a page says of where its figures come from, and how much it shows. Texts are from outside.
struct PageSettings {
  std::string title = "Audit report";
  std::vector<std::string> files = {};
  std::vector<std::pair<std::string, std::string>> selection = {};  ///< "since", "2027-01-01"
  Instant made_at = {};
  std::uint64_t unreadable = 0;  ///< lines that are no records
  std::size_t top = 10;
};

/// The fields that a page shows rankings of; its Stats have to be gathered by them, in this order.
std::vector<audit::Field> page_fields();

/// One page for people that needs nothing else, asks for nothing and has no script: each drawing
/// says in a table what it draws, and nothing in it is told by colour alone.
std::string to_html(Stats stats, const PageSettings& settings);

}  // namespace mcpauth::audit::report
