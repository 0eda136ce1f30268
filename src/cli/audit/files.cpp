#include "cli/audit/files.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "cli/frame/settings.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

/// Whether a name ends like that of a file beside a log, such as FILE.checkpoint.
bool is_beside(std::string_view file) {
  return std::ranges::any_of(audit::kBesideLog, [file](std::string_view what) {
    return file.ends_with(what) && file.substr(0, file.size() - what.size()).ends_with('.');
  });
}

/// Whether a file is the log of this name or one of its segments.
bool is_named_after(std::string_view file, std::string_view log) {
  return file == log || (file.starts_with(log) && audit::is_rotated_name(file.substr(log.size())));
}

/// The log that a closed segment belongs to, if that has a checkpoint.
std::optional<fs::path> log_of(const std::string& segment) {
  for (std::size_t end = segment.size(); end-- > 0;) {
    if (segment[end] == '/') break;
    if (!audit::is_rotated_name(std::string_view(segment).substr(end))) continue;
    fs::path log = segment.substr(0, end);
    std::error_code ignored;
    if (fs::exists(audit::beside(log, "checkpoint"), ignored)) return log;
  }
  return std::nullopt;
}

}  // namespace

std::vector<fs::path> segment_paths(const std::vector<std::string>& files) {
  std::vector<fs::path> paths;
  std::vector<fs::path> known;
  for (const auto& file : files) {
    if (is_beside(file) && files.size() > 1) continue;
    std::error_code ignored;
    auto real = fs::weakly_canonical(file, ignored);
    if (std::ranges::find(known, real) != known.end()) continue;
    known.push_back(std::move(real));
    paths.emplace_back(file);
  }
  return paths;
}

Result<void> check_output_outside_log(const fs::path& log, const Env& env) {
  if (env.globals.output == "-") return {};
  std::error_code ignored;
  const std::string output = fs::weakly_canonical(env.globals.output, ignored).string();
  const std::string real = fs::weakly_canonical(log, ignored).string();
  if (!is_named_after(output, real) && !(output.starts_with(real) && is_beside(output))) return {};
  return Error{.code = Errc::usage,
               .message = text::format("`{}` is a file of the log", env.globals.output),
               .hint = "use another name with -o"};
}

Result<fs::path> audit_log(const std::vector<std::string>& files, Env& env) {
  if (files.size() == 1) return log_of(files.front()).value_or(files.front());
  if (!files.empty()) {
    const auto paths = segment_paths(files);
    for (const auto& path : paths) {
      const bool of_all = std::ranges::all_of(paths, [&path](const fs::path& other) {
        return is_named_after(other.string(), path.string());
      });
      if (of_all) return path;
    }
    TRY(const auto segments, audit::segments_of(paths));
    return segments.empty() ? fs::path(files.front()) : segments.back().path;
  }
  TRY(const auto config, load_settings(env));
  if (config.audit) return config.audit->file;
  return Error{.code = Errc::usage,
               .message = "no audit log is given",
               .hint = "give its file, or set [audit] file in mcpauth.toml"};
}

Result<std::vector<audit::Segment>> audit_segments(const std::vector<std::string>& files,
                                                   Env& env) {
  if (files.size() > 1) return audit::segments_of(segment_paths(files));
  TRY(const auto file, audit_log(files, env));
  TRY(auto segments, audit::find_live_segments(file));
  if (!segments.empty()) return segments;
  return Error{
      .code = Errc::not_found,
      .message = text::format("there is no audit log `{}`", file.string()),
      .hint = "the first record creates it; `mcpauth config show --origin` says where it is"};
}

}  // namespace mcpauth::cli
