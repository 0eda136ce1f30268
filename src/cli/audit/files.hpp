#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/segments.hpp"

namespace mcpauth::cli {

/// The active file of the log that a command is about: the file that was given, else `[audit]
/// file`. Of several files it is the one that all others are called after, else the newest; of a
/// closed segment alone the log that it belongs to.
Result<std::filesystem::path> audit_log(const std::vector<std::string>& files, Env& env);

/// Whether a file is the log of this name or one of its segments.
bool is_called_after(const std::string& file, const std::string& log);

/// Refuses a -o that would replace a part of the log, or what lies beside it.
Result<void> spare_log(const std::filesystem::path& log, const Env& env);

/// The segments among several files, each once: what lies beside a log, as `audit.jsonl*` gives it,
/// is none.
std::vector<std::filesystem::path> segment_paths(const std::vector<std::string>& files);

/// The files of that log in their order. One file, or none, stands for its whole log, closed
/// segments too (audit::find_segments); several are taken as they are given. A file that is not
/// there is Errc::not_found; one that was given and belongs to no log is an error as well.
Result<std::vector<audit::Segment>> audit_segments(const std::vector<std::string>& files, Env& env);

}  // namespace mcpauth::cli
