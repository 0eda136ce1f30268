#include "cli/rbac/lint_inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/frame/sources.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/policy/lint/inputs.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kMost = 32 << 20;

/// Splits "hr=FILE". A server name holds no `/`, so a path with a `=` in it stays a path.
std::pair<std::string, std::string> server_and_file(const std::string& given) {
  const auto equals = given.find('=');
  const auto server = given.substr(0, equals);
  if (equals == std::string::npos || server.empty() || server.find('/') != std::string::npos)
    return {"", given};
  return {server, given.substr(equals + 1)};
}

}  // namespace

void bind_tools(Spec& spec, std::vector<std::string>& target) {
  auto& option = spec.values("--tools", "[SERVER=]FILE",
                             "A server's answer to tools/list; without SERVER, an object with the "
                             "answer of each server",
                             target);
  option.completes = Completes::file;
}

Result<policy::lint::ServerTools> read_tools(const std::vector<std::string>& given, Env& env) {
  policy::lint::ServerTools all;
  for (const auto& one : given) {
    const auto [server, file] = server_and_file(one);
    TRY(const auto text, read_input(file, env, kMost));
    TRY(const auto read, policy::lint::parse_tools(text, server, file));
    std::ranges::copy(read.servers, std::back_inserter(all.servers));
    std::ranges::copy(read.tools, std::back_inserter(all.tools));
  }
  std::ranges::sort(all.servers);
  std::ranges::sort(all.tools, {}, &policy::lint::ListedTool::name);
  const auto twice = std::ranges::adjacent_find(all.tools, {}, &policy::lint::ListedTool::name);
  if (twice == all.tools.end()) return all;
  return Error{.code = Errc::input,
               .message = text::format("tool `{}` is listed in two of the files", twice->name),
               .hint = "give each server's answer once"};
}

std::string lock_file_of(const std::string& policy_file) {
  return (std::filesystem::path(policy_file).parent_path() / "rbac.lock").string();
}

Result<policy::lint::Lock> read_lock_file(const std::string& file) {
  TRY(const auto text, read_file(file, kMost));
  return policy::lint::read_lock(text, file);
}

Result<void> read_inputs(const LintInputFiles& files, const std::vector<std::string>& policy_files,
                         policy::lint::Inputs& inputs, Env& env) {
  if (!files.tools.empty()) {
    TRY(auto read, read_tools(files.tools, env));
    inputs.tools = std::move(read.tools);
  }
  if (!files.groups.empty()) {
    TRY(const auto text, read_input(files.groups, env, kMost));
    TRY(inputs.groups, policy::lint::parse_groups(text, files.groups));
  }
  const bool may_be_beside = inputs.tools && policy_files.size() == 1 && policy_files[0] != "-";
  if (files.lock.empty() && !may_be_beside) return {};
  const auto lock = read_lock_file(files.lock.empty() ? lock_file_of(policy_files[0]) : files.lock);
  if (!lock && lock.error().code == Errc::not_found && files.lock.empty()) return {};
  if (!lock) return lock.error();
  inputs.locked_tools = policy::lint::locked_tools(*lock);
  return {};
}

}  // namespace mcpauth::cli
