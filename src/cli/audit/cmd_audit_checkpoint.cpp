#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/audit/files.hpp"
#include "cli/audit/keys.hpp"
#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/segments.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool sign = false;
  bool vkey = false;
};

/// Signs what is there, as the log's writer does at its end.
Result<void> sign_now(const std::filesystem::path& log, Env& env) {
  TRY(const auto config, load_settings(env));
  if (!config.audit || config.audit->file != log) {
    return Error{
        .code = Errc::usage,
        .message = "only the log of [audit] file can be signed: its key is configured there",
        .hint = "mcpauth audit checkpoint --sign"};
  }
  TRY(auto writing, AuditLog::open(config, env));
  return writing.writer()->seal(env.now());
}

Result<Exit> print_vkeys(const std::filesystem::path& log, Env& env) {
  TRY(const auto verifiers, verifiers_of({}, log));
  if (verifiers.keys.empty()) {
    return Error{.code = Errc::not_found,
                 .message = "no verifier key lies beside " + text::quoted(log.string()),
                 .hint = "the first record makes it"};
  }
  json::Array keys;
  for (const auto& key : verifiers.keys)
    keys.emplace_back(key.vkey());
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.audit.vkey/1"}, {"vkeys", std::move(keys)}});
    return Exit::ok;
  }
  for (const auto& key : verifiers.keys)
    env.out << key.vkey() << '\n';
  return Exit::ok;
}

Result<Exit> checkpoint(const Options& options, Env& env) {
  TRY(const auto log, audit_log(options.files, env));
  TRY_VOID(spare_log(log, env));
  if (options.sign) TRY_VOID(sign_now(log, env));
  if (options.vkey) return print_vkeys(log, env);
  const auto path = audit::beside(log, "checkpoint");
  TRY(const auto found, audit::read_signed_checkpoint(path));
  const auto& text = found.text;
  const auto& head = found.checkpoint;
  TRY(const auto verifiers, verifiers_of({}, log));
  if (!verifiers.keys.empty() && audit::judge(found.note, verifiers.keys) != audit::Trust::good) {
    return Error{.code = Errc::unverifiable,
                 .message = "the signature of " + text::quoted(path.string()) +
                            " is not of the key beside the log",
                 .hint = "mcpauth audit verify " + log.string()};
  }
  if (!env.globals.json) {
    // Extension lines are anybody's; to a file they go as they were signed.
    const bool shown = env.out_is_terminal && env.globals.output == "-";
    if (!shown) {
      env.out << text;
      return Exit::ok;
    }
    for (const auto line : text::split(std::string_view(text).substr(0, text.size() - 1), '\n'))
      env.out << text::printable(line) << '\n';
    return Exit::ok;
  }
  print_json(env, json::Object{{"schema", "mcpauth.audit.checkpoint/1"},
                               {"origin", head.origin},
                               {"size", head.size},
                               {"root", audit::to_base64(head.root)},
                               {"note", text}});
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.arguments("FILE", "The log; default: [audit] file", o->files).completes = Completes::file;
  spec.flag("--sign", "Sign the records so far first", o->sign);
  spec.flag("--vkey", "Print what verifies the signatures instead", o->vkey);
  return [o](Env& env) { return checkpoint(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit checkpoint > 2026-11.checkpoint",
     "keep it elsewhere: `audit verify --against` catches a rollback to before it"},
    {"mcpauth audit checkpoint --vkey", "the public key, for whoever verifies"},
};

}  // namespace

extern const Command kAuditCheckpoint;
constinit const Command kAuditCheckpoint = {
    .path = "audit checkpoint",
    .summary = "Print the log's signed checkpoint, or its verifier key",
    .description =
        "Prints the last checkpoint (c2sp.org/tlog-checkpoint, a signed note): the log's name, how "
        "many records it covers, and the root of the tree over them. Whoever has it can tell later "
        "whether the log still begins with those records. Writers sign one at an interval and when "
        "they stop; --sign does it now.",
    .examples = kExamples,
    .exits = "0 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
