#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit/records.hpp"
#include "cli/frame/env.hpp"
#include "core/audit/report/stats.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::cli {

/// What `audit stats` prints.
struct StatsAnswer {
  audit::report::Stats& stats;  ///< its timeline gets coarser if no width was asked for
  const RecordsRead& read;
  std::vector<std::pair<std::string, std::string>> selection;
  std::optional<std::chrono::seconds> bucket;  ///< the width of a bar, if one was asked for
  std::size_t top;                             ///< the length of each ranking
};

/// The document `mcpauth.audit.stats/1`.
json::Object stats_as_json(const StatsAnswer& answer);

/// Prints the figures as tables with bars, or with --json as `mcpauth.audit.stats/1`.
void print_stats(const StatsAnswer& answer, Env& env);

}  // namespace mcpauth::cli
