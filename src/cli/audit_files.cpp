#include "cli/audit_files.hpp"

#include "cli/settings.hpp"

namespace mcpauth::cli {

namespace fs = std::filesystem;

Result<fs::path> audit_log(const std::vector<std::string>& files, Env& env) {
  if (!files.empty()) return fs::path(files.front());
  TRY(const auto config, load_settings(env));
  if (config.audit) return config.audit->file;
  return Error{.code = Errc::usage,
               .message = "no audit log is named",
               .hint = "give its file, or set [audit] file in mcpauth.toml"};
}

Result<std::vector<audit::Segment>> audit_segments(const std::vector<std::string>& files,
                                                   Env& env) {
  if (files.size() > 1) {
    const std::vector<fs::path> paths(files.begin(), files.end());
    return audit::segments_of(paths);
  }
  TRY(const auto file, audit_log(files, env));
  TRY(auto segments, audit::find_segments(file));
  if (!segments.empty()) return segments;
  return Error{
      .code = Errc::not_found,
      .message = "there is no audit log `" + file.string() + "`",
      .hint = "the first record makes it; `mcpauth config show --origin` says where it is"};
}

}  // namespace mcpauth::cli
