#include "core/policy/test/find.hpp"

#include <algorithm>

#include "core/codec/format.hpp"

namespace mcpauth::policy::test {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostFiles = 10'000;

Error unreadable(const std::string& path, const std::error_code& why) {
  return {.code = Errc::io,
          .message = text::format("cannot read the folder `{}`: {}", path, why.message())};
}

Result<void> add_folder(const std::string& path, std::vector<fs::path>& out) {
  std::error_code failed;
  for (fs::recursive_directory_iterator at(path, failed), end; !failed && at != end;
       at.increment(failed)) {
    const auto name = at->path().filename().string();
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      if (name.starts_with('.')) at.disable_recursion_pending();
    } else if (name.ends_with("_test.toml") && out.size() < kMostFiles) {
      out.push_back(at->path());
    }
  }
  if (failed) return unreadable(path, failed);
  return {};
}

}  // namespace

Result<std::vector<fs::path>> find_suites(const std::vector<std::string>& paths) {
  std::vector<fs::path> out;
  for (const auto& path : paths) {
    std::error_code failed;
    if (fs::is_directory(path, failed)) {
      TRY_VOID(add_folder(path, out));
    } else {
      out.emplace_back(path);
    }
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  if (!out.empty()) return out;
  return Error{
      .code = Errc::not_found,
      .message = text::format("there is no test below `{}`", paths.empty() ? "." : paths.front()),
      .hint = "tests are in files whose names end in _test.toml"};
}

}  // namespace mcpauth::policy::test
