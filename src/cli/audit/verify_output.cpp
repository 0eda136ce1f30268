#include "cli/audit/verify_output.hpp"

#include <algorithm>
#include <ostream>

#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

using audit::Verdict;
using text::count_of;

constexpr std::uint64_t kLong = 128UL * 1024 * 1024;  ///< bytes from which on progress is shown
constexpr std::size_t kShownPending = 10;
constexpr std::size_t kListedPending = 1000;

text::Style style_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return text::Style::green;
    case Verdict::unsealed_tail:
    case Verdict::torn_last_line:
    case Verdict::unverifiable:
      return text::Style::yellow;
    case Verdict::truncated:
    case Verdict::rolled_back:
    case Verdict::tampered:
      break;
  }
  return text::Style::red;
}

std::string styled(Verdict verdict, const Env& env) {
  return text::styled(audit::name(verdict), style_of(verdict), env.color_out);
}

std::string safe(const std::filesystem::path& path) {
  return text::printable(path.string());
}

/// "audit.jsonl:17 (seq 16, byte 4711)", or empty.
std::string where(const audit::VerifyReport& report) {
  if (!report.place || report.segments.empty()) return {};
  const auto& place = *report.place;
  const std::string seq = place.seq ? text::format("seq {}, ", *place.seq) : std::string();
  return text::format("{}:{} ({}byte {})", safe(report.segments[place.segment].file), place.line,
                      seq, place.byte);
}

void print_hints(const audit::VerifyReport& report, const VerifyContext& context, Env& env) {
  const bool open_end =
      report.verdict == Verdict::unsealed_tail || report.verdict == Verdict::torn_last_line;
  if (open_end && !context.live && context.writer != 0) {
    note(env, text::format("process {} is writing it: --live accepts an unfinished end",
                           context.writer));
  }
  if (report.verdict == Verdict::truncated && report.place && report.place->line == 1) {
    note(env, "if earlier files were moved away on purpose, use --first SEQ");
  }
  if (report.verdict == Verdict::unverifiable && !context.has_keys) {
    note(env, "give the log's verifier key: --key VKEY");
  }
  if (context.key_beside_log && report.sealed) {
    note(env,
         "the key lies beside the log, so a person who can change the log can replace both: keep "
         "the key elsewhere and give it with --key");
  }
}

/// A fact about the log, after its name.
void print_fact(std::string_view name, std::string_view fact, Env& env) {
  env.out << text::format("  {:<10}  {}\n", name, fact);
}

void print_facts(const audit::VerifyReport& report, Env& env) {
  const std::string from =
      report.first == 0 ? std::string() : text::format(" from seq {}", report.first);
  print_fact(
      "records",
      text::format("{}{} in {}", report.records, from, count_of(report.segments.size(), "file")),
      env);
  if (const auto& sealed = report.sealed) {
    print_fact("checkpoint",
               text::format("{}, {}, root {}", text::printable(sealed->origin),
                            count_of(sealed->size, "record"), audit::to_base64(sealed->root)),
               env);
    print_fact("signed by", text::printable(report.signed_by), env);
  }
  if (report.unsealed != 0) print_fact("unsealed", count_of(report.unsealed, "record"), env);
  if (report.redacted != 0) print_fact("redacted", count_of(report.redacted, "record"), env);
}

void print_pending(const audit::VerifyReport& report, Env& env) {
  if (report.pending.empty()) return;
  print_fact("pending",
             text::format("{} without an outcome", count_of(report.pending.size(), "intent")), env);
  for (std::size_t i = 0; i < std::min(report.pending.size(), kShownPending); ++i) {
    const auto& pending = report.pending[i];
    env.out << text::format("    seq {}  {}  {}\n", pending.seq, text::printable(pending.ts),
                            text::printable(pending.event));
  }
  if (report.pending.size() > kShownPending) {
    env.out << text::format("    and {} more (--json lists them)\n",
                            report.pending.size() - kShownPending);
  }
}

void print_text(const audit::VerifyReport& report, Env& env) {
  auto& out = env.out;
  out << styled(report.verdict, env);
  if (const auto place = where(report); !place.empty()) out << "  " << place;
  if (!report.why.empty()) out << (report.place ? ": " : "  ") << text::printable(report.why);
  out << '\n';
  print_facts(report, env);
  for (const auto& segment : report.segments) {
    if (segment.verdict == Verdict::ok || report.segments.size() < 2) continue;
    out << text::format("  {}  {}  {}\n", styled(segment.verdict, env), safe(segment.file),
                        count_of(segment.lines, "line"));
  }
  print_pending(report, env);
}

void add_place(json::Object& object, const std::optional<audit::Place>& place) {
  if (!place) return;
  object.set("line", place->line);
  object.set("seq", place->seq ? json::Value(*place->seq) : json::Value());
  object.set("byte", place->byte);
}

json::Array segments_json(const audit::VerifyReport& report) {
  json::Array segments;
  for (const auto& segment : report.segments) {
    json::Object object{{"file", segment.file.string()}, {"verdict", audit::name(segment.verdict)}};
    add_place(object, segment.place);
    object.set("lines", segment.lines);
    object.set("bytes", segment.bytes);
    segments.emplace_back(std::move(object));
  }
  return segments;
}

json::Array pending_json(const audit::VerifyReport& report) {
  json::Array list;
  for (std::size_t i = 0; i < std::min(report.pending.size(), kListedPending); ++i) {
    const auto& pending = report.pending[i];
    list.emplace_back(
        json::Object{{"seq", pending.seq}, {"ts", pending.ts}, {"event", pending.event}});
  }
  return list;
}

json::Value checkpoint_json(const audit::Checkpoint& checkpoint, const std::string& signed_by) {
  return json::Object{{"origin", checkpoint.origin},
                      {"size", checkpoint.size},
                      {"root", audit::to_base64(checkpoint.root)},
                      {"signed_by", signed_by}};
}

json::Object as_json(const audit::VerifyReport& report, const VerifyContext& context) {
  json::Object object{{"schema", "mcpauth.audit.verify/1"},
                      {"verdict", audit::name(report.verdict)},
                      {"why", report.why}};
  if (report.place && report.place->segment < report.segments.size()) {
    object.set("file", report.segments[report.place->segment].file.string());
    add_place(object, report.place);
  }
  object.set("records", report.records);
  object.set("first_seq", report.first);
  object.set("checkpoint",
             report.sealed ? checkpoint_json(*report.sealed, report.signed_by) : json::Value());
  object.set("key_beside_log", context.key_beside_log);
  object.set("unsealed", report.unsealed);
  object.set("torn_bytes", report.torn_bytes);
  object.set("redacted", report.redacted);
  object.set("segments", segments_json(report));
  object.set("pending_count", std::uint64_t{report.pending.size()});
  object.set("pending", pending_json(report));
  return object;
}

}  // namespace

VerifyProgress::VerifyProgress(std::span<const audit::Segment> segments, Env& env) : env_(env) {
  for (const auto& segment : segments)
    total_ += segment.bytes;
}

void VerifyProgress::at(std::uint64_t bytes) {
  if (!env_.err_is_terminal || env_.globals.quiet || total_ < kLong) return;
  const std::uint64_t percent = bytes * 100 / total_;
  if (shown_ && percent == shown_percent_) return;
  shown_percent_ = percent;
  shown_ = true;
  env_.err << text::format("\rverifying  {} % of {} MB", percent, total_ / 1'000'000) << std::flush;
}

void VerifyProgress::done() {
  if (shown_) env_.err << "\r\033[K" << std::flush;
}

void print_verify(const audit::VerifyReport& report, const VerifyContext& context, Env& env) {
  if (env.globals.json) {
    print_json(env, as_json(report, context));
    return;
  }
  print_text(report, env);
  print_hints(report, context, env);
}

namespace {

/// Of a proof.
Verdict verdict_of(audit::Trust trust, bool proven) {
  if (trust == audit::Trust::unknown) return Verdict::unverifiable;
  return trust == audit::Trust::good && proven ? Verdict::ok : Verdict::tampered;
}

std::string why_of(audit::Trust trust, bool proven, std::string_view yes, std::string_view no) {
  if (trust == audit::Trust::unknown) return "its checkpoint is signed by another key";
  if (trust == audit::Trust::forged) return "the signature of its checkpoint is wrong";
  return std::string(proven ? yes : no);
}

}  // namespace

void print_continuation(const audit::Checkpoint& older, const audit::Checkpoint& newer,
                        audit::Trust trust, bool continues, Env& env) {
  const Verdict verdict = verdict_of(trust, continues);
  const std::string why = why_of(trust, continues, "the newer log begins with the older one",
                                 "the newer log does not begin with the older one");
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.audit.consistency/1"},
                                 {"verdict", audit::name(verdict)},
                                 {"why", why},
                                 {"origin", newer.origin},
                                 {"from", older.size},
                                 {"to", newer.size}});
    return;
  }
  env.out << text::format("{}  {}, {} to {}: {}\n", styled(verdict, env),
                          text::printable(newer.origin), count_of(older.size, "record"), newer.size,
                          why);
}

void print_proof(const audit::Proof& proof, const audit::Checkpoint& checkpoint, audit::Trust trust,
                 bool included, Env& env) {
  const Verdict verdict = verdict_of(trust, included);
  const std::string why = why_of(trust, included, "the record is in the log",
                                 "the record is not at this place of the log");
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.audit.proof/1"},
                                 {"verdict", audit::name(verdict)},
                                 {"why", why},
                                 {"seq", proof.index},
                                 {"record", proof.record},
                                 {"checkpoint", json::Object{{"origin", checkpoint.origin},
                                                             {"size", checkpoint.size}}}});
    return;
  }
  env.out << text::format("{}  seq {} of {} of {}: {}\n{}\n", styled(verdict, env), proof.index,
                          count_of(checkpoint.size, "record"), text::printable(checkpoint.origin),
                          why, text::printable(proof.record));
}

}  // namespace mcpauth::cli
