#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/audit/files.hpp"
#include "cli/audit/filter_option.hpp"
#include "cli/audit/keys.hpp"
#include "cli/audit/line_numbers.hpp"
#include "cli/audit/record_output.hpp"
#include "cli/audit/selection_options.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/output_file.hpp"
#include "core/audit/query/tail.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;
using Timer = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{100};  // how often a followed log is read
constexpr std::size_t kUsualLines = 10;

struct Options {
  std::vector<std::string> files;
  bool follow = false;
  std::optional<std::size_t> lines;
  SelectionOptions selection;
  std::string exit_on;
  std::vector<audit::Field> fields;
  bool raw = false;
  bool verify = false;
  std::vector<std::string> keys;
};

Error wrong_options(std::string message, std::string hint) {
  return {.code = Errc::usage, .message = std::move(message), .hint = std::move(hint)};
}

Result<void> check(const Options& o, const Env& env) {
  if (o.raw && !o.fields.empty()) {
    return wrong_options("--raw and --fields cannot be combined",
                         "use --json with --fields for parts of records");
  }
  if (o.raw && o.verify) {
    return wrong_options("--raw and --verify cannot be combined",
                         "use --json with --verify: it adds a member to each record");
  }
  if (!o.keys.empty() && !o.verify) {
    return wrong_options("--key needs --verify", "add --verify");
  }
  if (o.follow && o.selection.until) {
    return wrong_options("--follow and --until cannot be combined", "use --timeout to stop");
  }
  if (env.globals.timeout && !o.follow) {
    return wrong_options("--timeout needs --follow", "add --follow, or leave out --timeout");
  }
  return {};
}

/// The logs to read. One that does not exist yet can only be followed.
Result<std::vector<audit::query::Log>> logs_of(const Options& o, Env& env) {
  std::vector<std::string> files = o.files;
  if (files.empty()) {
    TRY(const auto file, audit_log({}, env));
    files.push_back(file.string());
  }
  std::vector<audit::query::Log> logs;
  for (const auto& file : files) {
    auto segments = audit_segments({file}, env);
    const bool missing = !segments && segments.error().code == Errc::not_found;
    if (!segments && !(missing && o.follow)) return std::move(segments).error();
    TRY(auto log, audit_log({file}, env));  // for a closed segment, the log that it belongs to
    logs.push_back({.file = std::move(log),
                    .segments = segments ? *std::move(segments) : std::vector<audit::Segment>()});
  }
  return audit::query::without_duplicates(logs);
}

/// How many of the selected records that exist now are shown; nothing: all of them.
std::optional<std::size_t> wanted_lines(const Options& o) {
  if (o.lines) return o.lines;
  if (o.selection.since || o.selection.until) return std::nullopt;
  if (o.follow) return o.exit_on.empty() ? kUsualLines : 0;
  if (!o.selection.where.empty() || !o.exit_on.empty()) return std::nullopt;
  return kUsualLines;
}

/// Under --verify, what marks the records of each log.
Result<std::vector<audit::SealCheck>> checks_of(const Options& o,
                                                const std::vector<audit::query::Log>& logs) {
  std::vector<audit::SealCheck> checks;
  for (const auto& log : logs) {
    if (!o.verify) break;
    TRY(auto keys, verifiers_of(o.keys, log.file));
    checks.emplace_back(log.file, std::move(keys.keys));
  }
  return checks;
}

RecordFormat format_of(const Options& o, const Env& env) {
  using Kind = RecordFormat::Kind;
  return {.kind = o.raw              ? Kind::raw
                  : env.globals.json ? Kind::json
                                     : Kind::text,
          .fields = o.fields};
}

std::string quoted_file(const fs::path& file) {
  return for_reader(text::quoted(file.string()));
}

/// Prints what a Tail reports, until there is a reason to stop.
class TailPrinter {
 public:
  TailPrinter(audit::query::Tail& tail, RecordFormat format, Env& env)
      : tail_(tail), env_(env), printer_(std::move(format), env) {}

  /// Prints everything that the logs have now.
  Result<void> print_past() {
    while (!is_over()) {
      TRY(const auto event, tail_.next());
      if (!event) return {};
      print(*event);
    }
    return {};
  }

  /// Prints what is appended, until `end`.
  Result<void> follow(Timer::time_point end) {
    tail_.follow();
    for (bool is_last = false; !is_last; is_last = !wait_until(end)) {
      TRY_VOID(print_new(end));
      TRY_VOID(commit());
      if (is_over()) return {};
    }
    TRY_VOID(print_new(end));
    return commit();
  }

  bool is_over() const { return tail_.found() || !env_.out; }

 private:
  /// Stops soon after `end`, also if the log grows faster than it can be printed.
  Result<void> print_new(Timer::time_point end) {
    for (const auto hard_end = end + kPoll; !is_over() && Timer::now() < hard_end;) {
      TRY(const auto event, tail_.next());
      if (!event) return {};
      print(*event);
    }
    return {};
  }

  void print(const audit::query::TailEvent& event) {
    using Kind = audit::query::TailEvent::Kind;
    const auto file = [&event] { return quoted_file(*event.file); };
    switch (event.kind) {
      case Kind::record:
        printer_.print(*event.record, event.mark);
        break;
      case Kind::not_a_record:
        warn(env_, text::format("line {} of {} is not a record",
                                numbers_.number(*event.file, event.offset), file()));
        break;
      case Kind::missing:
        warn(env_, text::format("records {} to {} are missing before the next line of {}",
                                event.first_missing, event.last_missing, file()));
        break;
      case Kind::truncated:
        warn(env_, text::format("{} was cut off: it is read again from its start", file()));
        break;
      case Kind::moved_on:
        detail(env_, "following", event.file->string());
        break;
      case Kind::waiting:
        note(env_, text::format("waiting for {}", file()));
        break;
    }
  }

  /// Hands the output to its reader now. A file of -o appears with the first of it.
  Result<void> commit() {
    if (env_.out.flush()) return commit_output(env_.out);
    return {};  // `run` reports why, and whether that is an error
  }

  /// Waits until the next poll. False at `end`, and at once when the reader of stdout goes away.
  bool wait_until(Timer::time_point end) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Timer::now());
    if (left.count() <= 0) return false;
    const auto time = static_cast<int>(std::min(left, kPoll).count());
    const bool to_stdout = env_.out_error != nullptr && env_.globals.output == "-";
    pollfd reader{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
    const int hung_up = ::poll(&reader, to_stdout ? 1 : 0, time);
    return hung_up <= 0;
  }

  audit::query::Tail& tail_;
  Env& env_;
  RecordPrinter printer_;
  LineNumbers numbers_;
};

Result<Exit> exit_of(const audit::query::Tail& tail, const Options& o, const Env& env) {
  if (tail.found() || tail.saw_change()) return Exit::no;
  if (o.exit_on.empty() || tail.saw_all() || !env.out) return Exit::ok;
  return Error{.code = Errc::input,
               .message = "--exit-on saw no match, but could not see every record",
               .hint = "mcpauth audit verify",
               .why = "a match may be among the lines that were damaged, cut off or missing"};
}

Result<Exit> tail(const Options& o, Env& env) {
  TRY_VOID(check(o, env));
  TRY(auto selection, parse_selection(o.selection, env));
  TRY(auto exit_on, filter_option("--exit-on", o.exit_on, env));
  TRY(const auto logs, logs_of(o, env));
  for (const auto& log : logs)
    TRY_VOID(check_output_outside_log(log.file, env));
  TRY(auto checks, checks_of(o, logs));
  TRY(auto tail, audit::query::Tail::open(logs, {.selection = std::move(selection),
                                                 .lines = wanted_lines(o),
                                                 .exit_on = std::move(exit_on),
                                                 .checks = std::move(checks)}));
  TailPrinter printer(tail, format_of(o, env), env);
  TRY_VOID(printer.print_past());
  if (!printer.is_over() && o.follow) {
    const auto timeout = env.globals.timeout.value_or(std::chrono::hours(24 * 36'500));
    TRY_VOID(printer.follow(Timer::now() + timeout));
  } else if (!printer.is_over()) {
    for (const auto& file : tail.unfinished())
      warn(env, text::format("the last line of {} is incomplete", quoted_file(file)));
  }
  return exit_of(tail, o, env);
}

Result<void> parse_lines(Options& o, std::string_view text) {
  o.lines = parse_number<std::size_t>(text);
  if (o.lines) return {};
  return Error{.code = Errc::usage, .message = text::format("`{}` is not a number of lines", text)};
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.arguments("FILES", "Logs to read; default: [audit] file", o->files).completes =
      Completes::file;
  spec.flag("-F,--follow", "Keep printing what is appended, across rotation and truncation",
            o->follow);
  spec.custom("-n,--lines", "N", "Print the last N records",
              [o](std::string_view text) { return parse_lines(*o, text); })
      .default_text = "10";
  spec.value("--since", "TIME", "Only records from this time on", o->selection.since);
  spec.value("--until", "TIME", "Only records before this time", o->selection.until);
  spec.value("--where", "EXPR", "Only records that match this filter", o->selection.where);
  spec.custom("--fields", "LIST", "Print only these fields, such as ts,sub,tool",
              [o](std::string_view text) -> Result<void> {
                TRY(o->fields, parse_fields(text));
                return {};
              });
  spec.value("--exit-on", "EXPR", "Exit with status 1 at the first record that matches this filter",
             o->exit_on);
  spec.flag("--verify",
            "Mark each record as sealed, unsealed or changed; status 1 if one is changed",
            o->verify);
  spec.values("--key", "VKEY", "Verifier key for --verify, or a file with one; default: FILE.vkey",
              o->keys);
  spec.flag("--raw", "Print the lines exactly as they are in the log", o->raw);
  return [o](Env& env) { return tail(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit tail -F --where 'decision=deny or decision=error'",
     "watch what is denied and what fails"},
    {"mcpauth audit tail --since -1h --where 'tool~\"hr/*\" and latency>50ms'",
     "slow calls of the last hour"},
    {"mcpauth audit tail -F --exit-on decision=deny --timeout 60s",
     "in CI: fail if anything is denied within a minute"},
    {"mcpauth audit tail -F --verify", "see whether each new record is signed"},
};

}  // namespace

extern const Command kAuditTail;
constinit const Command kAuditTail = {
    .path = "audit tail",
    .summary = "Print the last records of the audit log, and follow it",
    .description =
        "Prints one record per line, oldest first: time, decision, event, who (sub@org), tool or "
        "server, reason, latency and scopes. Intents are dim. FILE stands for its whole log, "
        "including closed segments. Records of several logs are merged by their ts. Without -n, "
        "the last 10 records are printed; with --since or --until, or with --where or --exit-on "
        "but not --follow, all that are selected.\n\n"
        "EXPR compares fields of a record: decision=deny and tool~\"hr/*\" and latency>50ms. The "
        "operators are = != < <= > >=, and ~ and !~ for patterns with * and ?. A field alone "
        "selects records that have it. Combine with and, or, not and parentheses. scope stands for "
        "any of the record's scopes. A field without a value differs from every value. "
        "docs/audit.md describes the language.\n\n"
        "--exit-on looks at the selected records. With --follow, and without -n and --since, these "
        "are the records that are appended from now on; --timeout limits how long. If none "
        "matches, the status is 0, or 3 if a line was not a record and could not be judged.\n\n"
        "--verify compares each printed record with the signed tree. It does not check that no "
        "record is missing: `audit verify` does.\n\n"
        "--json prints JSON Lines: each record as it was written, or only the members that "
        "--fields names. --raw prints the bytes of each line.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
