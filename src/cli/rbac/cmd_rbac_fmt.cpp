#include <filesystem>
#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/lint_output.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/source/formatter.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  bool check = false;
  bool diff = false;
};

/// The texts of the policies and of all files that they include.
Result<Rewrite> rewrite(const Options& options, Env& env) {
  TRY(const auto files, policy_paths(options.paths, env));
  Rewrite out;
  for (const auto& file : files) {
    TRY(const auto reading, read_policy(file, env));
    for (const auto& source : reading.sources) {
      TRY(auto text, policy::lint::formatted(source.text, source.file));
      out.before.emplace(source.file, source.text);
      out.after.emplace(source.file, std::move(text));
    }
  }
  return out;
}

Result<Exit> fmt(const Options& options, Env& env) {
  TRY(const auto files, rewrite(options, env));
  bool differs = false;
  for (const auto& [file, before] : files.before) {
    if (files.after.at(file) == before) continue;
    differs = true;
    if (options.check && !options.diff) env.out << for_answer(env, file) << '\n';
  }
  if (options.diff) print_patch(files, env);
  if (options.check || options.diff) return differs ? Exit::no : Exit::ok;
  if (const auto piped = files.after.find("-"); piped != files.after.end()) {
    env.out << piped->second;
    return Exit::ok;
  }
  TRY_VOID(write_changed(files));
  if (differs) note(env, "formatted");
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.arguments("PATHS", "Policies: files, folders with an rbac.toml, or -", options->paths)
      .completes = Completes::file;
  spec.flag("--check", "Write nothing; print the files that would change, and exit 1",
            options->check);
  spec.flag("--diff", "Write nothing; print what would change as a patch, and exit 1",
            options->diff);
  return [options](Env& env) { return fmt(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac fmt", "format the policy of the configuration, or ./rbac.toml"},
    {"mcpauth rbac fmt --check policy/", "say whether a policy is formatted, in CI"},
};

}  // namespace

extern const Command kRbacFmt;
constinit const Command kRbacFmt = {
    .path = "rbac fmt",
    .summary = "Format a policy",
    .description =
        "Rewrites a policy and all files that it includes in the standard layout: blanks, blank "
        "lines between tables, and the order of keys within a table. Keys do not move across a "
        "comment or a blank line. Comments and strings stay as they are. Nothing is written unless "
        "the policy means the same before and after. A policy from standard input goes to stdout.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
