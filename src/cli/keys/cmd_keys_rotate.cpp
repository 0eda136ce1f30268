#include <memory>
#include <ostream>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/keys/ring_options.hpp"
#include "core/codec/time.hpp"
#include "core/keys/plan.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  bool force = false;
  RingOptions ring;
};

/// Whether a step is due, or asked for. From cron it mostly is not, and then nothing is recorded.
bool is_due(const keys::Ring& ring, const Options& options, Instant now) {
  if (options.force) return true;
  const auto steps = keys::upcoming(ring.entries(), options.ring.rotation());
  return !steps.empty() && steps.front().at <= now;
}

Result<keys::RotateReport> take_steps(keys::Ring& ring, const Options& options, Env& env) {
  const auto take = [&] { return ring.rotate(options.ring.rotation(), env.now(), options.force); };
  if (!is_due(ring, options, env.now())) return take();
  auto record = operator_record("keys.rotate");
  record.jti = ring.active().kid;
  return audited(record, env, take,
                 [&ring](audit::Record& outcome, const Result<keys::RotateReport>&) {
                   outcome.jti = ring.active().kid;
                 });
}

Result<Exit> rotate(const Options& options, Env& env) {
  TRY(const auto directory, ring_directory(options.ring, env));
  TRY(auto ring, keys::Ring::open(directory));
  TRY(const auto report, take_steps(ring, options, env));
  warn_of_ring(ring, env);
  const auto due = time::format_instant(report.next_due);
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.keys.rotate/1"},
                                 {"steps", json::Array(report.steps.begin(), report.steps.end())},
                                 {"active", ring.active().kid},
                                 {"next_step", report.next_step},
                                 {"next_due", due}});
    return Exit::ok;
  }
  for (const auto& step : report.steps)
    env.out << step << '\n';
  if (report.steps.empty()) note(env, "nothing is due");
  note(env, "next: " + report.next_step + " " + time::relative(report.next_due, env.now()) + " (" +
                due + ")");
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.flag("--force", "Make the next key now; it still waits before it signs", options->force);
  bind_ring(spec, options->ring);
  bind_rotation(spec, options->ring);
  return [options](Env& env) { return rotate(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth keys rotate", "take the steps that are due"},
    {"*/10 * * * * mcpauth keys rotate -q --keys /etc/mcpauth/keys",
     "from cron: silent unless something was done"},
    {"mcpauth keys rotate --force", "start a rotation now, without waiting for the period's end"},
};

}  // namespace

extern const Command kKeysRotate;
constinit const Command kKeysRotate = {
    .path = "keys rotate",
    .summary = "Take the steps of the rotation that are due",
    .description =
        "Makes, activates, retires and removes keys as their times come: a key is published until "
        "every cache has it, then signs, then stays published until its last token has expired. No "
        "request is refused on the way. Says what it did, and on stderr what is due next and "
        "when.\n\n"
        "Safe to run from cron, at any time and from several places: what is not due is not done.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
