#include "cli/frame/file_suggestion.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 1000;

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end;
       at.increment(failed)) {
    names.push_back(at->path().filename().string());
    if (names.size() == kMostEntries) break;
  }
  return names;
}

std::string missing_directory(const fs::path& directory) {
  std::error_code failed;
  fs::path missing = directory;
  while (missing.has_parent_path() && missing != missing.parent_path() &&
         !fs::exists(missing.parent_path(), failed))
    missing = missing.parent_path();
  return text::format("there is no directory `{}`", missing.string());
}

}  // namespace

Error with_file_suggestion(Error error, const fs::path& path) {
  if (error.code != Errc::not_found || !error.hint.empty()) return error;
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code failed;
  if (!fs::exists(directory, failed)) {
    error.hint = missing_directory(directory);
    return error;
  }
  const auto names = names_in(directory);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  if (const auto near = text::nearest(path.filename().string(), candidates))
    error.hint = text::format("did you mean `{}`?", (path.parent_path() / *near).string());
  return error;
}

}  // namespace mcpauth::cli
