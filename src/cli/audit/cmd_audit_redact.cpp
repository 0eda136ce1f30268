#include <algorithm>
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
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string where;
  std::vector<std::string> fields;
  std::vector<std::string> keys;
  bool yes = false;
};

Result<std::vector<audit::Field>> fields_of(const Options& options) {
  std::vector<audit::Field> fields;
  for (const auto& list : options.fields) {
    for (const auto name : text::split(list, ',')) {
      const auto field = audit::field_named(name);
      if (!field) {
        return Error{.code = Errc::usage,
                     .message = "a record has no field " + text::quoted(name),
                     .hint = text::did_you_mean(name, audit::kFieldNames)};
      }
      if (!audit::is_redactable(*field)) {
        return Error{.code = Errc::usage,
                     .message = text::quoted(name) +
                                " cannot be redacted: it says what happened, "
                                "not to whom",
                     .hint =
                         "sub, client_id, request_id, org_id, idp, server, tool, scopes and jti "
                         "can"};
      }
      fields.push_back(*field);
    }
  }
  if (fields.empty()) fields.push_back(audit::Field::sub);
  return fields;
}

Result<Exit> redact(const Options& options, Env& env) {
  TRY(const auto config, load_settings(env));
  if (!config.audit) {
    return Error{.code = Errc::usage,
                 .message = "no audit log is configured, and redacting signs",
                 .hint = "set [audit] file in mcpauth.toml"};
  }
  if (options.where.empty()) {
    return Error{.code = Errc::usage,
                 .message = "which records? give --where",
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
    TRY(auto earlier, verifiers_of(options.keys, config.audit->file));
    redaction.verifiers = std::move(earlier.keys);
  }

  audit::RedactReport report;
  if (options.yes) {
    TRY(auto log, AuditLog::open(config, env));
    redaction.request_id = log.request_id();
    TRY(report, audit::redact(*log.writer(), redaction, env.now()));
  } else {
    TRY(report.records, audit::count_selected(redaction));
  }
  if (env.globals.json) {
    json::Array files;
    for (const auto& file : report.rewritten)
      files.emplace_back(file.string());
    print_json(env, json::Object{{"schema", "mcpauth.audit.redact/1"},
                                 {"done", options.yes},
                                 {"records", report.records},
                                 {"files", std::move(files)}});
    return Exit::ok;
  }
  env.out << (options.yes ? "redacted " : "would redact ") << report.records
          << (report.records == 1 ? " record\n" : " records\n");
  if (!options.yes && report.records != 0) note(env, "--yes does it; there is no way back");
  if (options.yes && report.records != 0) {
    note(env, "copies elsewhere, exports and backups still have what was taken out here");
  }
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.value("--where", "EXPR", "Which records, as in `audit tail --where`", o->where);
  spec.values("--field", "NAME", "Field to take out, or several with commas; default: sub",
              o->fields);
  spec.values("--key", "VKEY", "Verifier key of before, where older redactions have its signature",
              o->keys);
  spec.flag("--yes", "Do it; without it the records are counted", o->yes);
  return [o](Env& env) { return redact(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit redact --where 'sub=\"jane@example.com\"'", "how many records name her"},
    {"mcpauth audit redact --where 'sub=\"jane@example.com\"' --yes", "take the name out of them"},
    {"mcpauth audit redact --where 'ts<-365d' --field sub,client_id --yes",
     "from cron: no names after a year"},
};

}  // namespace

extern const Command kAuditRedact;
constinit const Command kAuditRedact = {
    .path = "audit redact",
    .summary = "Take personal fields out of old records",
    .description =
        "For the right to be forgotten. Of each record that --where selects the given fields "
        "become "
        "null. Its leaf stays in the tree, so every checkpoint and every proof of other records "
        "stays good; what the record said before can no longer be proven. That it was redacted, "
        "when and by whom is recorded and signed first: a line that somebody else empties is "
        "tampered.\n\n"
        "Needs the log's key, that nobody else writes it, and that it verifies. Files are "
        "replaced, whole or not at "
        "all; interrupted, run it again.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
