#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/segments.hpp"

namespace mcpauth::cli {

/// The active file of the log that a command reads: the given file, else `[audit] file`. Of several
/// files, it is the one whose name all the others begin with, else the newest. For a single closed
/// segment, it is the log that the segment belongs to.
Result<std::filesystem::path> audit_log(const std::vector<std::string>& files, Env& env);

/// Refuses a -o that would replace a file of the log.
Result<void> check_output_outside_log(const std::filesystem::path& log, const Env& env);

/// The segments among several files, each once. Leaves out the other files of a log, such as its
/// checkpoint, which `audit.jsonl*` includes.
std::vector<std::filesystem::path> segment_paths(const std::vector<std::string>& files);

/// The segments of that log in their order. One file, or none, stands for its whole log, including
/// closed segments (audit::find_segments); several files are used as given. Errc::not_found if
/// there is no such file.
Result<std::vector<audit::Segment>> audit_segments(const std::vector<std::string>& files, Env& env);

}  // namespace mcpauth::cli
