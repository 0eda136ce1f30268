#include "cli/frame/run.hpp"

#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <ostream>
#include <vector>

#include "cli/frame/command.hpp"
#include "cli/frame/globals.hpp"
#include "cli/frame/help.hpp"
#include "cli/frame/invocation.hpp"
#include "cli/frame/output_file.hpp"
#include "cli/frame/parse.hpp"
#include "cli/frame/report.hpp"
#include "cli/frame/unknown_variables.hpp"
#include "cli/frame/usage.hpp"
#include "cli/frame/verbose.hpp"
#include "cli/frame/version.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::cli {
namespace {

/// Whether an error must be JSON. That is needed even when the command line cannot be parsed.
bool asks_json(std::span<const std::string_view> args) {
  for (const auto arg : args) {
    if (arg == "--") return false;
    if (arg == "--json") return true;
  }
  return false;
}

/// Restores at the end of a run what `env` pointed at before it.
class Restored {
 public:
  explicit Restored(Env& env)
      : env_(env), clock_(env.clock), http_(env.http), out_(env.out.rdbuf()) {}
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;
  ~Restored() {
    env_.clock = clock_;
    env_.http = http_;
    env_.out.rdbuf(out_);  // also clears the state, so it comes after the last check
  }

 private:
  Env& env_;
  const Clock* clock_;
  std::function<http::Client&()> http_;
  std::streambuf* out_;
};

/// The options of the command, and the global ones that it does not redefine.
std::vector<const Option*> options_of(const Spec& own, const Spec& globals) {
  std::vector<const Option*> options;
  for (const auto& option : own.options())
    options.push_back(&option);
  for (const auto& option : globals.options()) {
    bool hidden = false;
    for (const auto spelling : option.spellings())
      hidden = hidden || own.find(spelling) != nullptr;
    if (!hidden) options.push_back(&option);
  }
  return options;
}

/// A reader that closed the pipe has read enough. Every other failure to write is an error.
Result<void> check_written(Env& env) {
  env.out.flush();
  const int error = env.out_error == nullptr ? EIO : *env.out_error;
  if (env.out || error == EPIPE) return {};
  return Error{.code = Errc::io,
               .message = text::format("cannot write the answer: {}", std::strerror(error))};
}

Result<Exit> run_action(const Action& action, Env& env) {
  if (env.globals.output == "-") {
    TRY(const Exit status, action(env));
    TRY_VOID(check_written(env));
    return status;
  }
  OutputFile file(env.globals.output);
  TRY_VOID(file.check());
  auto* const before = env.out.rdbuf(&file);
  auto status = action(env);
  env.out.flush();
  env.out.rdbuf(before);
  if (!status) return std::move(status).error();
  TRY_VOID(file.commit());
  return status;
}

/// For help, which is printed before --color is known.
bool colored_help(const Env& env) {
  return env.out_is_terminal && env.variable("NO_COLOR").value_or("").empty();
}

Result<Exit> run_command(const Command& command, std::span<const std::string> rest, Env& env) {
  GlobalFlags flags;
  Spec globals;
  bind_globals(globals, flags);
  Spec own;
  const Action action = command.bind(own);
  TRY_VOID(parse(options_of(own, globals), rest, env.variable, command.path));
  std::optional<FixedClock> fixed;
  TRY_VOID(apply_globals(flags, env, fixed));
  if (env.globals.verbose) env.http = logging_client(env.http, env);
  if (!command.is_hidden()) warn_of_unknown_variables(rest, env);
  return run_action(action, env);
}

Result<Exit> print_answer(const std::string& text, Env& env) {
  env.out << text;
  TRY_VOID(check_written(env));
  return Exit::ok;
}

Error no_command(const Invocation& found) {
  if (found.noun.empty()) return usage("no command is given", "mcpauth --help");
  return usage(text::format("`{}` needs a verb", found.noun),
               text::format("mcpauth {} --help", found.noun));
}

Result<Exit> dispatch(std::span<const std::string_view> args, Env& env) {
  GlobalFlags flags;
  Spec globals;
  bind_globals(globals, flags);
  TRY(const auto found, find_invocation(args, globals));
  if (found.help) {
    const bool color = colored_help(env);
    if (found.command != nullptr) return print_answer(help_page(*found.command, color), env);
    return print_answer(found.noun.empty() ? overview_page(color) : noun_page(found.noun, color),
                        env);
  }
  if (found.version) return print_answer(text::format("mcpauth {}\n", kVersionText), env);
  if (found.command != nullptr) return run_command(*found.command, found.rest, env);
  if (!asks_json(args)) {
    env.err << (found.noun.empty() ? overview_page(false) : noun_page(found.noun, false)) << '\n';
  }
  return no_command(found);
}

}  // namespace

int run(std::span<const std::string_view> args, Env& env) noexcept try {
  const Restored restored(env);
  env.globals = {};
  const auto status = dispatch(args, env);
  return static_cast<int>(status ? *status : report(status.error(), asks_json(args), env));
} catch (const std::exception& bug) {
  env.err << "error[internal]: " << bug.what() << '\n';
  env.err.flush();
  return static_cast<int>(Exit::failure);
}

}  // namespace mcpauth::cli
