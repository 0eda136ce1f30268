#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/keys/ring_options.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/keys/plan.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

struct NextStep {
  std::string step;
  std::optional<Instant> at;
};

/// What happens to this key next.
NextStep next_step_of(const keys::Entry& entry, const std::vector<keys::Due>& dues) {
  const auto own = std::ranges::find(dues, entry.kid, &keys::Due::kid);
  switch (entry.state) {
    case keys::State::next:
      return {"signs", own->at};
    case keys::State::retired:
      return {"is removed", own->at};
    case keys::State::active:
      break;
  }
  for (const keys::Due& due : dues) {
    if (due.step == keys::Step::activate) return {"retires", due.at};
    if (due.step == keys::Step::make_next) return {"gets a next key", due.at};
  }
  return {};
}

Instant since(const keys::Entry& entry) {
  if (entry.retired) return *entry.retired;
  return entry.activated.value_or(entry.created);
}

json::Value as_json(const keys::Entry& entry, const NextStep& ahead, bool has_private,
                    Instant now) {
  json::Object object{{"kid", entry.kid},
                      {"alg", crypto::name(entry.alg)},
                      {"state", keys::name(entry.state)},
                      {"created", time::format_instant(entry.created)}};
  if (entry.state != keys::State::retired) object.set("has_private", has_private);
  if (entry.activated) object.set("activated", time::format_instant(*entry.activated));
  if (entry.retired) object.set("retired", time::format_instant(*entry.retired));
  object.set("age", (now - entry.created).count());
  object.set("next_step", ahead.step);
  if (ahead.at) object.set("next_due", time::format_instant(*ahead.at));
  return object;
}

void print_table(const keys::Ring& ring, const std::vector<keys::Due>& dues, Env& env) {
  const auto row = [&](std::string_view kid, std::string_view alg, std::string_view state,
                       std::string_view age, std::string_view next) {
    env.out << text::format("{:<43}  {:<5}  {:<7}  {:<11}  {}\n", kid, alg, state, age, next);
  };
  row("KID", "ALG", "STATE", "SINCE", "NEXT STEP");
  for (const keys::Entry& entry : ring.entries()) {
    const auto ahead = next_step_of(entry, dues);
    std::string next = ahead.step;
    if (ahead.at && *ahead.at <= env.now()) next += " at the next `keys rotate`";
    if (ahead.at && *ahead.at > env.now()) {
      next += text::format(" {} ({})", time::relative(*ahead.at, env.now()),
                           time::format_instant(*ahead.at));
    }
    row(entry.kid, crypto::name(entry.alg), keys::name(entry.state),
        time::relative(since(entry), env.now()), next);
  }
}

Result<Exit> list(const RingOptions& options, Env& env) {
  TRY(const auto directory, ring_directory(options, env));
  TRY(const auto ring, keys::Ring::open(directory));
  const auto dues = keys::upcoming(ring.entries(), options.rotation());
  for (const auto& name : ring.leftovers()) {
    note(env,
         text::format("left over from a change that was interrupted: {}; `mcpauth keys rotate` "
                      "removes it",
                      name));
  }
  warn_of_ring(ring, env);
  if (!env.globals.json) {
    print_table(ring, dues, env);
    return Exit::ok;
  }
  json::Array keys;
  for (const keys::Entry& entry : ring.entries()) {
    keys.push_back(as_json(entry, next_step_of(entry, dues), ring.has_private(entry), env.now()));
  }
  json::Array leftovers(ring.leftovers().begin(), ring.leftovers().end());
  print_json(env, json::Object{{"schema", "mcpauth.keys.list/1"},
                               {"directory", directory.string()},
                               {"keys", std::move(keys)},
                               {"leftovers", std::move(leftovers)}});
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<RingOptions>();
  bind_ring(spec, *options);
  bind_rotation(spec, *options);
  return [options](Env& env) { return list(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth keys list", "show the configured ring"},
    {"mcpauth keys list --keys keys --json", "show another ring, as JSON"},
};

}  // namespace

extern const Command kKeysList;
constinit const Command kKeysList = {
    .path = "keys list",
    .summary = "Show the keys of the ring, their state and next step",
    .description =
        "Shows each key of the ring with its state, how long it has had that, and its next step. A "
        "next key is published and does not sign yet. The active key signs. A retired key stays "
        "published until its last token has expired.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
