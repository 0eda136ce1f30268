#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit/record_selection.hpp"
#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/segments.hpp"

namespace mcpauth::cli {

/// Which records of which log a command is about.
struct RecordOptions {
  std::vector<std::string> files;
  SelectionOptions selection;
};

void bind_records(Spec& spec, RecordOptions& options);

/// --top N: how many lines of each ranking.
void bind_top(Spec& spec, std::size_t& top);

/// The options for people, as "since" and "2027-01-01T00:00:00Z".
std::vector<std::pair<std::string, std::string>> selection_of(const RecordOptions& options,
                                                              const Env& env);

/// What was read.
struct RecordsRead {
  std::vector<std::string> files;
  std::uint64_t unreadable = 0;  ///< lines that are no record
};

/// Gets each record, and whether it is one of those asked for. False: no more are wanted.
using TakeRecord = std::function<bool(const audit::LineView& record, bool selected)>;

/// Hands out every record of the log in its order, in memory that does not grow with it. Lines that
/// are no record are left out, with a warning.
Result<RecordsRead> read_records(const RecordOptions& options, Env& env, const TakeRecord& take);

}  // namespace mcpauth::cli
