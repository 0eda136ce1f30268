#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/completion.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string shell;
};

Result<Exit> print(const Options& options, Env& env) {
  if (options.shell == "bash") env.out << bash_completion();
  if (options.shell == "zsh") env.out << zsh_completion();
  if (options.shell == "fish") env.out << fish_completion();
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("SHELL", "The shell", options->shell).choices = {"bash", "zsh", "fish"};
  return [options](Env& env) { return print(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth completion bash >~/.local/share/bash-completion/completions/mcpauth",
     "install it for bash"},
    {"mcpauth completion zsh >~/.zfunc/_mcpauth", "install it for zsh, with ~/.zfunc in $fpath"},
    {"mcpauth completion fish >~/.config/fish/completions/mcpauth.fish", "install it for fish"},
};

}  // namespace

extern const Command kCompletion;
constinit const Command kCompletion = {
    .path = "completion",
    .summary = "Print the completion script of a shell",
    .description =
        "Prints a script that completes commands, flags and their values. Roles, tools and orgs "
        "come from the policy, key ids from the key ring of the configuration in force.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
