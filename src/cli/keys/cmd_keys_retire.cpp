#include <memory>
#include <ostream>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/keys/ring_options.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string kid;
  RingOptions ring;
};

Result<Exit> retire(const Options& options, Env& env) {
  TRY(const auto directory, ring_directory(options.ring, env));
  TRY(auto ring, keys::Ring::open(directory));
  auto record = operator_record("keys.retire");
  record.jti = options.kid;
  TRY(const auto report, audited(record, env, [&] { return ring.retire(options.kid, env.now()); }));
  const auto publish = options.ring.rotation().publish;
  const bool early = report.published_for && *report.published_for < publish;
  if (early) {
    note(env,
         text::format("warning: `{}` signs before every cache has it: verifiers may refuse its "
                      "tokens for up to {}",
                      ring.active().kid, time::format_duration(options.ring.cache_max_age)));
  }
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.keys.retire/1"},
                                 {"steps", json::Array(report.steps.begin(), report.steps.end())},
                                 {"active", ring.active().kid},
                                 {"early", early}});
    return Exit::ok;
  }
  for (const auto& step : report.steps)
    env.out << step << '\n';
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("KID", "The key to retire", options->kid).completes = Completes::kid;
  bind_ring(spec, options->ring);
  bind_rotation(spec, options->ring);
  return [options](Env& env) { return retire(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth keys retire cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
     "take a leaked key out of use and out of the key set, at once"},
    {"mcpauth keys list --json | jq -r '.keys[0].kid' | xargs mcpauth keys retire --",
     "the same for a key that another program chose"},
};

}  // namespace

extern const Command kKeysRetire;
constinit const Command kKeysRetire = {
    .path = "keys retire",
    .summary = "Take a leaked key out of the ring at once",
    .description =
        "For emergencies: the key no longer signs, it is no longer published, and its private part "
        "is removed. Tokens that it signed are refused as soon as verifiers fetch the key set "
        "again. If it was the active key, the next key, or a new one, signs at once; verifiers may "
        "refuse its tokens until their caches have it.\n\n"
        "To change keys without a refused request, use `keys rotate --force` instead.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
