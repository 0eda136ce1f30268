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
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool sign = false;
  bool vkey = false;
};

/// Signs all records so far, as the log's writer does when it stops.
Result<void> sign_now(const std::filesystem::path& log, Env& env) {
  TRY(const auto config, load_settings(env));
  if (!config.audit || config.audit->file != log) {
    return Error{
        .code = Errc::usage,
        .message =
            "only the log in [audit] file can be signed, because its key is configured there",
        .hint = "mcpauth audit checkpoint --sign"};
  }
  TRY(auto writing, AuditLog::open(config, env));
  return writing.writer()->seal(env.now());
}

Result<Exit> print_vkeys(const std::filesystem::path& log, Env& env) {
  TRY(const auto verifiers, verifiers_of({}, log));
  if (verifiers.keys.empty()) {
    return Error{.code = Errc::not_found,
                 .message = text::format("there is no verifier key beside `{}`", log.string()),
                 .hint = "the first record creates it"};
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

/// On a terminal, invisible characters are escaped: anybody can add extension lines to a
/// checkpoint.
void print_note(std::string_view note, Env& env) {
  if (!env.out_is_terminal || env.globals.output != "-") {
    env.out << note;
    return;
  }
  for (const auto line : text::split(note.substr(0, note.size() - 1), '\n'))
    env.out << text::printable(line) << '\n';
}

Result<Exit> checkpoint(const Options& options, Env& env) {
  TRY(const auto log, audit_log(options.files, env));
  TRY_VOID(check_output_outside_log(log, env));
  if (options.sign) TRY_VOID(sign_now(log, env));
  if (options.vkey) return print_vkeys(log, env);
  const auto path = audit::beside(log, "checkpoint");
  TRY(const auto found, audit::read_signed_checkpoint(path));
  const auto& text = found.text;
  const auto& head = found.checkpoint;
  TRY(const auto verifiers, verifiers_of({}, log));
  if (!verifiers.keys.empty() && audit::judge(found.note, verifiers.keys) != audit::Trust::good) {
    return Error{
        .code = Errc::unverifiable,
        .message = text::format("`{}` is not signed by the key beside the log", path.string()),
        .hint = text::format("mcpauth audit verify {}", log.string())};
  }
  if (!env.globals.json) {
    print_note(text, env);
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
  spec.flag("--sign", "Sign all records so far first", o->sign);
  spec.flag("--vkey", "Print the verifier key instead", o->vkey);
  return [o](Env& env) { return checkpoint(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit checkpoint > 2026-11.checkpoint",
     "keep it elsewhere: `audit verify --against` catches a rollback to before it"},
    {"mcpauth audit checkpoint --vkey", "the public key, for those who verify the log"},
};

}  // namespace

extern const Command kAuditCheckpoint;
constinit const Command kAuditCheckpoint = {
    .path = "audit checkpoint",
    .summary = "Print the log's signed checkpoint, or its verifier key",
    .description =
        "Prints the last checkpoint (c2sp.org/tlog-checkpoint, a signed note): the log's name, "
        "the number of records it covers, and the root of the tree over them. With a kept "
        "checkpoint, it can be checked later that the log still begins with those records. "
        "Writers sign a checkpoint at an interval and when they stop; --sign does it now.",
    .examples = kExamples,
    .exits = "0 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
