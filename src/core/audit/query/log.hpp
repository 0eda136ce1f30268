#pragma once

#include <filesystem>
#include <vector>

#include "core/audit/log/segments.hpp"
#include "core/audit/query/log_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// A log as it was when its segments were listed.
struct Log {
  std::filesystem::path file;  ///< the active file, which may not exist
  std::vector<audit::Segment> segments;
};

/// Each log once. A log whose file is a segment of another one, or lies beside it (FILE.checkpoint
/// and the like), is left out: `audit.log*` names one log.
std::vector<Log> without_duplicates(const std::vector<Log>& logs);

/// Opens a segment of a log, also if it was renamed after it was listed.
Result<LogFile> open_segment(const Log& log, const audit::Segment& segment);

}  // namespace mcpauth::audit::query
