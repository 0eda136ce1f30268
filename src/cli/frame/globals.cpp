#include "cli/frame/globals.hpp"

#include "cli/frame/output_file.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {

void bind_globals(Spec& spec, GlobalFlags& flags) {
  auto& globals = flags.globals;
  auto& config = spec.value("-C,--config", "FILE", "Configuration file, or none", globals.config);
  config.completes = Completes::file;
  config.variable = "MCPAUTH_CONFIG";
  spec.flag("--json", "Print the answer as JSON", globals.json);
  spec.value("-o,--output", "FILE", "Write the answer to a file (0600, whole or not at all)",
             globals.output)
      .completes = Completes::file;
  spec.flag("-q,--quiet", "Print only the answer, warnings and errors", globals.quiet);
  spec.flag("-v,--verbose", "Explain each decision on stderr", globals.verbose);
  auto& color = spec.value("--color", "WHEN", "Use colours", flags.color);
  color.choices = {"auto", "always", "never"};
  color.default_text = "auto";
  spec.flag("--no-input", "Never ask; fail when a person is needed", globals.no_input);
  spec.custom("--timeout", "DURATION", "Longest time for one network request",
              [&globals](std::string_view text) -> Result<void> {
                TRY(globals.timeout, time::parse_duration(text));
                if (globals.timeout->count() > 0) return {};
                return Error{.code = Errc::usage, .message = "a timeout must be longer than 0s"};
              });
  spec.value("--now", "TIME", "Act as if it were this time (RFC 3339 or epoch seconds)", flags.now);
  spec.flag("-h,--help", "Print help", flags.help);
  spec.flag("--version", "Print the version", flags.version);
}

Result<void> apply_globals(const GlobalFlags& flags, Env& env, std::optional<FixedClock>& fixed) {
  env.globals = flags.globals;
  env.globals.output = output_name(env.globals.output);
  const bool plain = !env.variable("NO_COLOR").value_or("").empty();
  const auto colored = [&](bool terminal) {
    return flags.color == "always" || (flags.color == "auto" && terminal && !plain);
  };
  env.color_out = env.globals.output == "-" && colored(env.out_is_terminal);
  env.color_err = colored(env.err_is_terminal);
  if (!flags.now) return {};
  const auto instant = time::parse_instant(*flags.now, env.now());
  if (!instant) {
    auto error = Error(instant.error()).context("--now");
    error.code = Errc::usage;
    return error;
  }
  env.clock = &fixed.emplace(*instant);
  return {};
}

}  // namespace mcpauth::cli
