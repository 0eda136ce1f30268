#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::optional<std::string> file;
};

json::Value as_json(const std::string& file, const std::vector<Problem>& problems) {
  json::Array list;
  for (const auto& problem : problems) {
    list.emplace_back(json::Object{{"file", problem.file},
                                   {"line", problem.line},
                                   {"column", problem.column},
                                   {"message", text::shortened(problem.message)},
                                   {"hint", text::shortened(problem.hint)}});
  }
  return json::Object{{"schema", "mcpauth.config.check/1"},
                      {"file", file},
                      {"valid", problems.empty()},
                      {"problems", std::move(list)}};
}

void print_text(const std::string& file, const std::vector<Problem>& problems, Env& env) {
  if (problems.empty()) env.out << text::printable(file) << ": ok\n";
  for (const auto& problem : problems) {
    env.out << for_reader(problem.text()) << '\n';
    if (!problem.hint.empty()) env.out << "  try: " << for_reader(problem.hint) << '\n';
  }
}

Result<Exit> check(const Options& options, Env& env) {
  if (options.file) env.globals.config = *options.file;
  TRY(const auto file, find_config(env));
  if (!file) {
    return Error{.code = Errc::not_found,
                 .message = "there is no mcpauth.toml here",
                 .hint = "mcpauth config check FILE"};
  }
  auto config = config::load(*file, overrides(env));
  if (!config && config.error().problems.empty()) return std::move(config).error();
  const auto problems = config ? std::vector<Problem>{} : std::move(config).error().problems;
  if (env.globals.json) {
    print_json(env, as_json(file->string(), problems));
  } else {
    print_text(file->string(), problems, env);
  }
  return problems.empty() ? Exit::ok : Exit::no;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("FILE", "The configuration, in place of the one in force", options->file)
      .completes = Completes::file;
  return [options](Env& env) { return check(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth config check", "check the configuration in force"},
    {"mcpauth config check deploy/mcpauth.toml", "check one file, for example before a deployment"},
};

}  // namespace

extern const Command kConfigCheck;
constinit const Command kConfigCheck = {
    .path = "config check",
    .summary = "Report everything that is wrong with a configuration",
    .description =
        "Reads a configuration and prints every mistake at once, each with file, line and column: "
        "unknown keys with the nearest known one, values of the wrong form, missing settings and "
        "contradictions.\n\nNothing is contacted and no secret is read.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
