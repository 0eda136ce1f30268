#include "cli/keys/ring_options.hpp"

#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/usage.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/time.hpp"
#include "core/keys/plan.hpp"

namespace mcpauth::cli {
namespace {

/// Seconds, as in HTTP, or a duration such as "5m".
Result<std::chrono::seconds> parse_max_age(std::string_view text) {
  if (const auto seconds = parse_number<unsigned>(text)) return std::chrono::seconds(*seconds);
  return time::parse_duration(text);
}

}  // namespace

keys::Rotation RingOptions::rotation() const {
  return {.publish = 2 * cache_max_age, .period = period};
}

void bind_ring(Spec& spec, RingOptions& options) {
  spec.value("--keys", "DIR", "The key ring, in place of the configured one", options.directory)
      .completes = Completes::directory;
}

void bind_rotation(Spec& spec, RingOptions& options) {
  spec.custom("--cache-max-age", "TIME",
              "How long verifiers cache the key set; a key is published for twice that time before "
              "it signs",
              [&options](std::string_view text) -> Result<void> {
                TRY(options.cache_max_age, parse_max_age(text));
                return {};
              })
      .default_text = "5m";
  spec.custom("--period", "TIME", "How long a key signs",
              [&options](std::string_view text) -> Result<void> {
                TRY(options.period, time::parse_duration(text));
                return {};
              })
      .default_text = "30d";
}

Result<std::filesystem::path> ring_directory(const RingOptions& options, const Env& env) {
  if (options.directory) return std::filesystem::path(*options.directory);
  TRY(const auto config, load_settings(env));
  if (config.issuer && !config.issuer->keys.empty()) {
    detail(env, "ring", text::format("`{}`, by [issuer] keys", config.issuer->keys.string()));
    return config.issuer->keys;
  }
  return usage("no key ring is named", "--keys DIR, or `keys` under [issuer] in mcpauth.toml");
}

void warn_of_ring(const keys::Ring& ring, Env& env) {
  for (const keys::Entry& entry : ring.entries()) {
    if (entry.state == keys::State::retired || ring.has_private(entry)) continue;
    warn(env,
         text::format("warning: the private file of the {} key `{}` is gone: put it back, or run "
                      "`{}`",
                      keys::name(entry.state), entry.kid, keys::retire_command(entry.kid)));
  }
  for (const keys::Entry* entry : keys::ahead_of_clock(ring.entries(), env.now())) {
    warn(env, text::format(
                  "warning: the key `{}` has a time that is ahead of the clock, which says {}: "
                  "no step of it is due before that time; set the clock, or, if the clock was "
                  "wrong when the key was made, run `{}`",
                  entry->kid, time::format_instant(env.now()), keys::retire_command(entry->kid)));
  }
}

}  // namespace mcpauth::cli
