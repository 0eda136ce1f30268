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

struct StatsAnswer {
  audit::report::Stats& stats;  ///< its timeline is made coarser where nobody asked for a width
  const RecordsRead& read;
  std::vector<std::pair<std::string, std::string>> selection;
  std::optional<std::chrono::seconds> bucket;  ///< the width that was asked for
  std::size_t top;
};

/// `mcpauth.audit.stats/1`.
json::Object stats_as_json(const StatsAnswer& answer);

/// The figures as tables with bars, or under --json as `mcpauth.audit.stats/1`.
void print_stats(const StatsAnswer& answer, Env& env);

}  // namespace mcpauth::cli
