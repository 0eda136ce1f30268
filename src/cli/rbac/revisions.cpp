#include "cli/rbac/revisions.hpp"

#include <algorithm>
#include <filesystem>

#include "cli/frame/policy_files.hpp"
#include "cli/frame/program.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/policy/engine/load.hpp"

namespace mcpauth::cli {
namespace {

struct Revision {
  std::string revision;
  std::string path;
};

bool is_revision_character(char c) {
  return text::is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("._/@{}^~+-").find(c) != std::string_view::npos;
}

/// Git takes a name that starts with `-` as a flag, and gives `..` and `:` in a revision a meaning.
Result<Revision> parse_revision(const std::string& text) {
  const auto colon = text.find(':');
  Revision out{.revision = text.substr(0, colon), .path = text.substr(colon + 1)};
  const auto& [revision, path] = out;
  const bool is_good = !revision.empty() && revision.front() != '-' &&
                       std::ranges::all_of(revision, is_revision_character) &&
                       revision.find("..") == std::string::npos;
  const bool is_path =
      !path.empty() && path.front() != '/' && path.front() != '-' && !path.starts_with("./") &&
      std::ranges::none_of(path, [](unsigned char c) { return c < ' ' || c == 0x7F; });
  const auto normal = std::filesystem::path(path).lexically_normal();
  if (is_good && is_path && !normal.empty() && *normal.begin() != "..") return out;
  return Error{
      .code = Errc::usage,
      .message = text::format("`{}` is neither a file nor a git revision", text),
      .hint = "write it like main:policy/rbac.toml, with the path from the top of the repository"};
}

Result<std::string> blob(const std::string& revision, const std::string& path, Env& env) {
  std::vector<std::string> words{"git"};
  if (!env.directory.empty()) words.insert(words.end(), {"-C", env.directory.string()});
  words.insert(words.end(),
               {"--no-pager", "cat-file", "blob", text::format("{}:{}", revision, path)});
  constexpr auto kWait = std::chrono::milliseconds(10'000);
  const auto text = run_program(words, kWait, policy::PolicyLimits{}.bytes);
  if (text) return std::string(text->reveal_text());
  return Error{.code = Errc::not_found,
               .message = text::format("git has no `{}:{}`", revision, path),
               .hint = text::format("give the path from the top of the repository; `git ls-tree -r "
                                    "--name-only {}` lists them",
                                    revision),
               .why = text.error().message};
}

}  // namespace

Result<policy::Engine> policy_at(const std::string& file_or_revision, Env& env) {
  std::error_code ignored;
  const bool is_revision = file_or_revision.find(':') != std::string::npos &&
                           !std::filesystem::exists(file_or_revision, ignored);
  if (!is_revision) return load_policy(file_or_revision, env);
  TRY(const auto at, parse_revision(file_or_revision));
  TRY(const auto text, blob(at.revision, at.path, env));
  const auto read_included = [&](const std::filesystem::path& file) {
    return blob(at.revision, file.lexically_normal().string(), env);
  };
  auto reading = policy::read(text, at.path, read_included);
  for (auto& fault : reading.faults)
    fault.place.file.insert(0, at.revision + ":");
  TRY(auto policy, policy::usable(std::move(reading)));
  return policy::Engine(std::move(policy));
}

}  // namespace mcpauth::cli
