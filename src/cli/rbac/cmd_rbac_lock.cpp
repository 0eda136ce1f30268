#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/output_file.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/lint_inputs.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string policy;
  std::vector<std::string> tools;
  std::string lock;
  bool check = false;
};

void print(const std::string& file, const std::vector<policy::lint::LockChange>& changes,
           Env& env) {
  if (!env.globals.json) {
    for (const auto& [pattern, tool, is_new] : changes)
      env.out << (is_new ? "+ " : "- ") << text::printable(tool) << "  ("
              << text::printable(pattern) << ")\n";
    return;
  }
  json::Array list;
  for (const auto& [pattern, tool, is_new] : changes) {
    list.emplace_back(json::Object{
        {"pattern", pattern}, {"tool", tool}, {"change", is_new ? "added" : "removed"}});
  }
  print_json(env,
             json::Object{
                 {"schema", "mcpauth.rbac.lock/1"}, {"file", file}, {"changes", std::move(list)}});
}

/// The current lock. Without a file, an empty one.
Result<policy::lint::Lock> present_lock(const std::string& file) {
  auto lock = read_lock_file(file);
  if (!lock && lock.error().code == Errc::not_found) return policy::lint::Lock{};
  return lock;
}

Result<Exit> run(const Options& options, Env& env) {
  if (options.tools.empty()) {
    return Error{.code = Errc::usage,
                 .message = "--tools is needed: the lock records the tools that the servers list",
                 .hint = "give each server's answer to tools/list, as in --tools hr=hr-tools.json"};
  }
  TRY(const auto policy_name, policy_file(options.policy, env));
  TRY(const auto engine, load_policy(options.policy, env));
  TRY(auto read, read_tools(options.tools, env));
  if (options.lock.empty() && policy_name == "-") {
    return Error{.code = Errc::usage,
                 .message = "--lock is needed when the policy comes from standard input"};
  }
  const auto file = options.lock.empty() ? lock_file_of(policy_name) : options.lock;
  TRY(const auto before, present_lock(file));
  std::ranges::copy(policy::lint::tools_of_others(before, read.servers),
                    std::back_inserter(read.tools));
  TRY(const auto lock, policy::lint::lock_of(engine.policy(), read.tools));
  print(file, policy::lint::changes(before, lock), env);
  if (options.check) return before == lock ? Exit::ok : Exit::no;
  constexpr mode_t kReadable = 0644;
  TRY_VOID(write_output(policy::lint::write_lock(lock), file, {.mode = kReadable}));
  note(env, text::format("wrote {}", text::printable(file)));
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.value("--policy", "FILE", "The policy; otherwise the configuration's, or rbac.toml",
             options->policy)
      .completes = Completes::file;
  bind_tools(spec, options->tools);
  auto& lock = spec.value("--lock", "FILE", "The lock file", options->lock);
  lock.completes = Completes::file;
  lock.default_text = "rbac.lock next to the policy";
  spec.flag("--check", "Write nothing; exit 1 when the lock is out of date", options->check);
  return [options](Env& env) { return run(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac lock --tools hr=hr-tools.json --tools code=code-tools.json",
     "record which tools each pattern covers today"},
    {"mcpauth rbac lock --tools tools.json --check", "show in CI what has changed since"},
};

}  // namespace

extern const Command kRbacLock;
constinit const Command kRbacLock = {
    .path = "rbac lock",
    .summary = "Record which tools the patterns of a policy cover",
    .description =
        "A pattern such as `hr/*` in [tools] also covers the tools that a server adds next month. "
        "rbac.lock records the tools that each pattern covered when you last ran this command. "
        "`rbac lint --tools` then reports every tool that a pattern has come to cover since "
        "(glob-expansion-drift). Keep rbac.lock under version control, next to the policy.\n\n"
        "The lock takes the current tools of the servers given with --tools, and keeps those of "
        "other servers. To drop a server that no longer exists, give a file with an empty list, "
        "[].\n\n"
        "Prints a line for each tool that a pattern newly covers (+) or no longer covers (-), and "
        "writes the lock. With --check it writes nothing and exits 1 when there is a difference.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
