#include "cli/frame/output.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

/// Whether stdout may end up in the log of a CI job. GitHub and GitLab also set CI; Azure and
/// TeamCity set only a variable of their own.
bool in_ci(const Env& env) {
  constexpr std::array<std::string_view, 5> kSetByCi = {"CI", "GITHUB_ACTIONS", "GITLAB_CI",
                                                        "TF_BUILD", "TEAMCITY_VERSION"};
  return std::ranges::any_of(kSetByCi, [&](std::string_view name) {
    const auto value = env.variable(name).value_or("");
    return !value.empty() && value != "false";
  });
}

}  // namespace

void print_json(Env& env, const json::Value& document) {
  env.out << json::write(document) << '\n';
}

std::string for_answer(const Env& env, std::string_view from_outside) {
  const bool is_read = env.globals.output == "-" && (env.out_is_terminal || in_ci(env));
  return is_read ? text::printable(from_outside) : std::string(from_outside);
}

std::string for_reader(std::string_view message) {
  return text::printable(text::shortened(message));
}

void note(Env& env, std::string_view text) {
  if (!env.globals.quiet) env.err << text << '\n' << std::flush;
}

void warn(Env& env, std::string_view text) {
  env.err << text << '\n' << std::flush;
}

void detail(const Env& env, std::string_view about, std::string_view what) {
  if (!env.globals.verbose || env.globals.quiet) return;
  env.err << about << ": " << for_reader(what) << '\n' << std::flush;
}

}  // namespace mcpauth::cli
