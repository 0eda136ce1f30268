#include <memory>
#include <ostream>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/keys/ring_options.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/keys/plan.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  bool force = false;
  RingOptions ring;
};

/// Whether a step is due or --force asks for one. A run from cron mostly finds none, and then
/// nothing is recorded in the audit log.
bool is_due(const keys::Ring& ring, const Options& options, Instant now) {
  if (options.force) return true;
  const auto steps = keys::upcoming(ring.entries(), options.ring.rotation());
  return !steps.empty() && steps.front().at <= now;
}

Result<keys::RotateReport> run_steps(keys::Ring& ring, const Options& options, Env& env) {
  const auto run = [&] { return ring.rotate(options.ring.rotation(), env.now(), options.force); };
  if (!is_due(ring, options, env.now())) return run();
  auto record = operator_record("keys.rotate");
  record.jti = ring.active().kid;
  return audited(record, env, run,
                 [&ring](audit::Record& outcome, const Result<keys::RotateReport>&) {
                   outcome.jti = ring.active().kid;
                 });
}

Result<Exit> rotate(const Options& options, Env& env) {
  TRY(const auto directory, ring_directory(options.ring, env));
  TRY(auto ring, keys::Ring::open(directory));
  TRY(const auto report, run_steps(ring, options, env));
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
  note(env, text::format("next: {} {} ({})", report.next_step,
                         time::relative(report.next_due, env.now()), due));
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
    {"mcpauth keys rotate --force", "start a rotation now, before the period ends"},
};

}  // namespace

extern const Command kKeysRotate;
constinit const Command kKeysRotate = {
    .path = "keys rotate",
    .summary = "Take the steps of the rotation that are due",
    .description =
        "Makes, activates, retires and removes keys when their time has come. A key is first "
        "published until every cache has it. Then it signs. Then it stays published until its last "
        "token has expired. No request is refused meanwhile. Prints what it did, and on stderr "
        "what is due next and when.\n\n"
        "It is safe to run this from cron, at any time and from several places: a step that is not "
        "due is not taken.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
