#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit/selection_options.hpp"
#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/segments.hpp"

namespace mcpauth::cli {

/// Which records of which log a command reads.
struct RecordOptions {
  std::vector<std::string> files;
  SelectionOptions selection;
};

/// Declares FILES, --since, --until and --where.
void bind_records(Spec& spec, RecordOptions& options);

/// Declares --top N, the length of each ranking.
void bind_top(Spec& spec, std::size_t& top);

/// The options as they are shown in the output, such as "since" and "2027-01-01T00:00:00Z".
std::vector<std::pair<std::string, std::string>> selection_of(const RecordOptions& options,
                                                              const Env& env);

/// What read_records read.
struct RecordsRead {
  std::vector<std::string> files;
  std::uint64_t unreadable = 0;  ///< lines that are not records
};

/// Called with each record, and whether it is selected. Returns false to stop.
using RecordHandler = std::function<bool(const audit::LineView& record, bool selected)>;

/// Reads every record of the log in order, in bounded memory. Lines that are not records are
/// skipped, with a warning.
Result<RecordsRead> read_records(const RecordOptions& options, Env& env,
                                 const RecordHandler& handle);

}  // namespace mcpauth::cli
