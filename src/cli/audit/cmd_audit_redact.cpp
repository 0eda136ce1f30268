#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/audit/keys.hpp"
#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/audit/log/redact.hpp"
#include "core/audit/query/filter.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string where;
  std::vector<std::string> fields;
  std::vector<std::string> keys;
  bool yes = false;
};

Result<audit::Field> parse_redactable(std::string_view name) {
  const auto field = audit::field_named(name);
  if (!field) {
    return Error{.code = Errc::usage,
                 .message = text::format("no record has a field `{}`", name),
                 .hint = text::did_you_mean(name, audit::kFieldNames)};
  }
  if (!audit::is_redactable(*field)) {
    return Error{
        .code = Errc::usage,
        .message =
            text::format("`{}` cannot be redacted: it says what happened, not to whom", name),
        .hint = "sub, client_id, request_id, org_id, idp, server, tool, scopes and jti can"};
  }
  return *field;
}

Result<std::vector<audit::Field>> fields_of(const Options& options) {
  std::vector<audit::Field> fields;
  for (const auto& list : options.fields) {
    for (const auto name : text::split(list, ',')) {
      TRY(const auto field, parse_redactable(name));
      fields.push_back(field);
    }
  }
  if (fields.empty()) fields.push_back(audit::Field::sub);
  return fields;
}

/// Redacts the records, or only counts them without --yes.
Result<audit::RedactReport> run(const Options& options, audit::Redaction redaction,
                                const config::Config& config, Env& env) {
  if (!options.yes) {
    TRY(const auto records, audit::count_selected(redaction));
    return audit::RedactReport{.records = records, .rewritten = {}};
  }
  TRY(auto log, AuditLog::open(config, env));
  redaction.request_id = log.request_id();
  return audit::redact(*log.writer(), redaction, env.now());
}

void print(const audit::RedactReport& report, bool done, Env& env) {
  if (env.globals.json) {
    json::Array files;
    for (const auto& file : report.rewritten)
      files.emplace_back(file.string());
    print_json(env, json::Object{{"schema", "mcpauth.audit.redact/1"},
                                 {"done", done},
                                 {"records", report.records},
                                 {"files", std::move(files)}});
    return;
  }
  env.out << text::format("{} {}\n", done ? "redacted" : "would redact",
                          text::count_of(report.records, "record"));
  if (report.records == 0) return;
  note(env, done ? "copies elsewhere, exports and backups still have the removed values"
                 : "--yes redacts them; this cannot be undone");
}

Result<Exit> redact(const Options& options, Env& env) {
  TRY(const auto config, load_settings(env));
  if (!config.audit) {
    return Error{.code = Errc::usage,
                 .message = "no audit log is configured, and redacting signs with its key",
                 .hint = "set [audit] file in mcpauth.toml"};
  }
  if (options.where.empty()) {
    return Error{.code = Errc::usage,
                 .message = "--where is required",
                 .hint = "--where 'sub=\"jane@example.com\"', or --where 'ts<-365d'"};
  }
  TRY(const auto filter, audit::query::Filter::parse(options.where, env.now()));
  audit::Redaction redaction{
      .log = config.audit->file,
      .fields = {},
      .selects = [&filter](const audit::LineView& record) { return filter.matches(record); },
      .request_id = {},
      .sub = operator_record({}).sub};
  TRY(redaction.fields, fields_of(options));
  if (!options.keys.empty()) {
    TRY(auto former, verifiers_of(options.keys, config.audit->file));
    redaction.verifiers = std::move(former.keys);
  }
  TRY(const auto report, run(options, std::move(redaction), config, env));
  print(report, options.yes, env);
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.value("--where", "EXPR", "Which records, as in `audit tail --where`", o->where);
  spec.values("--field", "NAME", "Field to remove, or several with commas; default: sub",
              o->fields);
  spec.values("--key", "VKEY", "Former verifier key, if older redactions are signed with it",
              o->keys);
  spec.flag("--yes", "Redact the records; without it, they are only counted", o->yes);
  return [o](Env& env) { return redact(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit redact --where 'sub=\"jane@example.com\"'", "count the records that name her"},
    {"mcpauth audit redact --where 'sub=\"jane@example.com\"' --yes", "remove her name from them"},
    {"mcpauth audit redact --where 'ts<-365d' --field sub,client_id --yes",
     "from cron: remove names after a year"},
};

}  // namespace

extern const Command kAuditRedact;
constinit const Command kAuditRedact = {
    .path = "audit redact",
    .summary = "Remove personal data from old records",
    .description =
        "For the right to be forgotten: sets the given fields of each record that --where "
        "selects to null. The leaf of the record stays in the tree, so every checkpoint, and "
        "every proof of another record, stays valid. What the record said before cannot be "
        "proven any more. First, a signed record says what was redacted, when and by whom; "
        "without it, a redacted line counts as tampered.\n\n"
        "Needs the log's key and a log that verifies and that no other process writes. Files "
        "are replaced atomically. If it is interrupted, run it again.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
