#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  bool origin = false;
};

void print_text(const config::Config& config, bool with_origin, Env& env) {
  for (const auto& setting : config::describe(config)) {
    env.out << text::printable(setting.name) << " = " << text::printable(setting.value);
    if (with_origin) env.out << "  # " << text::printable(setting.origin);
    env.out << '\n';
  }
}

json::Value as_json(const config::Config& config) {
  json::Array settings;
  for (const auto& setting : config::describe(config)) {
    settings.emplace_back(
        json::Object{{"name", setting.name}, {"value", setting.value}, {"origin", setting.origin}});
  }
  return json::Object{{"schema", "mcpauth.config.show/1"},
                      {"file", config.file.empty() ? json::Value() : json::Value(config.file)},
                      {"settings", std::move(settings)}};
}

Result<Exit> show(const Options& options, Env& env) {
  TRY(const auto config, load_settings(env));
  if (env.globals.json) {
    print_json(env, as_json(config));
    return Exit::ok;
  }
  note(env, config.file.empty() ? "no configuration file is in force"
                                : text::format("configuration: {}", text::printable(config.file)));
  print_text(config, options.origin, env);
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.flag("--origin", "Show where each value came from", options->origin);
  return [options](Env& env) { return show(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth config show --origin", "print every setting in force and where it came from"},
    {"MCPAUTH_ISSUER_TTL=5m mcpauth config show", "see what a variable changes"},
    {"mcpauth config show --json | jq -r .file", "find out which file is in force"},
};

}  // namespace

extern const Command kConfigShow;
constinit const Command kConfigShow = {
    .path = "config show",
    .summary = "Print the settings in force",
    .description =
        "Prints each setting in force. A flag overrides an MCPAUTH_... variable, which overrides "
        "the file. The file is the one of -C or MCPAUTH_CONFIG; else the nearest mcpauth.toml up "
        "to "
        "the root of the repository; else the user's own, $XDG_CONFIG_HOME/mcpauth/config.toml.\n\n"
        "A secret is shown as the reference in the file, never as its value.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
