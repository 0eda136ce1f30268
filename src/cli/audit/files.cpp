#include "cli/audit/files.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "cli/frame/settings.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kBeside = {".checkpoint", ".tree", ".lock", ".key",
                                                     ".vkey"};

bool is_beside(const std::string& file) {
  return std::ranges::any_of(kBeside,
                             [&file](std::string_view end) { return file.ends_with(end); });
}

/// The log of a closed segment, where its checkpoint lies there.
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

bool is_called_after(const std::string& file, const std::string& log) {
  return file == log || (file.starts_with(log) &&
                         audit::is_rotated_name(std::string_view(file).substr(log.size())));
}

std::vector<fs::path> segment_paths(const std::vector<std::string>& files) {
  std::vector<fs::path> paths;
  std::vector<fs::path> seen;
  for (const auto& file : files) {
    if (is_beside(file) && files.size() > 1) continue;
    std::error_code ignored;
    auto real = fs::weakly_canonical(file, ignored);
    if (std::ranges::find(seen, real) != seen.end()) continue;
    seen.push_back(std::move(real));
    paths.emplace_back(file);
  }
  return paths;
}

Result<void> spare_log(const fs::path& log, const Env& env) {
  if (env.globals.output == "-") return {};
  std::error_code ignored;
  const std::string output = fs::weakly_canonical(env.globals.output, ignored).string();
  const std::string real = fs::weakly_canonical(log, ignored).string();
  const bool called_after =
      is_called_after(output, real) || (output.starts_with(real) && is_beside(output));
  if (!called_after) return {};
  return Error{.code = Errc::usage,
               .message = "`" + env.globals.output + "` is a part of the log",
               .hint = "give -o another name"};
}

Result<fs::path> audit_log(const std::vector<std::string>& files, Env& env) {
  if (files.size() == 1) return log_of(files.front()).value_or(files.front());
  if (!files.empty()) {
    const auto paths = segment_paths(files);
    for (const auto& path : paths) {
      const bool of_all = std::ranges::all_of(paths, [&path](const fs::path& other) {
        return is_called_after(other.string(), path.string());
      });
      if (of_all) return path;
    }
    TRY(const auto segments, audit::segments_of(paths));
    return segments.empty() ? fs::path(files.front()) : segments.back().path;
  }
  TRY(const auto config, load_settings(env));
  if (config.audit) return config.audit->file;
  return Error{.code = Errc::usage,
               .message = "no audit log is named",
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
      .message = "there is no audit log `" + file.string() + "`",
      .hint = "the first record makes it; `mcpauth config show --origin` says where it is"};
}

}  // namespace mcpauth::cli
