#include "cli/frame/unknown_variables.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/frame/completion.hpp"
#include "cli/frame/globals.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/identity/ci.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::string_view kPrefix = "MCPAUTH_";

using Names = std::vector<std::string>;

void add_variables(const Spec& spec, Names& names) {
  for (const auto& option : spec.options()) {
    if (!option.variable.empty()) names.emplace_back(option.variable);
  }
}

/// The variables that any command reads.
Names known_names() {
  Names names{identity::CiRequest{}.gitlab_variable};
  for (const auto& setting : setting_variables())
    names.emplace_back(setting.variable);
  GlobalFlags flags;
  Spec globals;
  bind_globals(globals, flags);
  add_variables(globals, names);
  for (const auto& bound : bound_commands())
    add_variables(bound.spec, names);
  return names;
}

/// Empty when it cannot be read: the command reports that.
std::string text_of_config(const Env& env) {
  const auto file = find_config(env);
  if (!file || !*file) return {};
  return read_file(**file).value_or("");
}

std::string suggestion(std::string_view name, const Names& known) {
  std::vector<std::string_view> ends;  // with the common prefix all of them would be near
  for (const std::string_view one : known)
    ends.push_back(one.substr(kPrefix.size()));
  const auto near = text::nearest(name.substr(kPrefix.size()), ends);
  if (!near) return "`man mcpauth` lists the settings";
  return text::format("did you mean `{}{}`?", kPrefix, *near);
}

}  // namespace

void warn_of_unknown_variables(std::span<const std::string> args, Env& env) {
  if (env.globals.quiet || !env.variable_names) return;
  Names set = env.variable_names();
  std::erase_if(set, [&](const std::string& name) {
    return !name.starts_with(kPrefix) || env.variable(name).value_or("").empty();
  });
  if (set.empty()) return;
  const auto known = known_names();
  std::erase_if(
      set, [&](const std::string& name) { return std::ranges::find(known, name) != known.end(); });
  if (set.empty()) return;
  std::ranges::sort(set);
  const std::string config = text_of_config(env);
  for (const auto& name : set) {
    const auto reference = text::format("env:{}", name);
    const auto refers = [&](const std::string& text) {
      return text.find(reference) != std::string::npos;
    };
    if (refers(config) || std::ranges::any_of(args, refers)) continue;
    note(env, for_reader(text::format("warning: `{}` is not a setting: {}", name,
                                      suggestion(name, known))));
  }
}

}  // namespace mcpauth::cli
