#include "cli/output.hpp"

#include <ostream>

#include "core/codec/text.hpp"

namespace mcpauth::cli {

void print_json(Env& env, const json::Value& document) {
  env.out << json::write(document) << '\n';
}

std::string shown(const Env& env, std::string_view from_outside) {
  const auto is_set = [&env](std::string_view name) {
    return !env.variable(name).value_or("").empty();
  };
  // TF_BUILD is Azure's; GitHub, GitLab and most others set CI.
  const bool ci = is_set("CI") || is_set("GITHUB_ACTIONS") || is_set("TF_BUILD");
  return env.out_is_terminal || ci ? text::printable(from_outside) : std::string(from_outside);
}

void note(Env& env, std::string_view text) {
  if (!env.globals.quiet) env.err << text << '\n' << std::flush;
}

void detail(Env& env, std::string_view text) {
  if (env.globals.verbose && !env.globals.quiet) env.err << text << '\n' << std::flush;
}

}  // namespace mcpauth::cli
