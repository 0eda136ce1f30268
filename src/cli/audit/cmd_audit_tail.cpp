#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
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
#include "cli/audit/record_selection.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/output_file.hpp"
#include "core/audit/query/follow.hpp"
#include "core/audit/query/history.hpp"
#include "core/codec/number.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;
using Timer = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{100};  // how often a followed file is looked at
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
    return wrong_options("--raw and --fields are given both", "--json with --fields cuts records");
  }
  if (o.raw && o.verify) {
    return wrong_options("--raw leaves no room for a mark", "--json with --verify has a member");
  }
  if (!o.keys.empty() && !o.verify) {
    return wrong_options("--key is for --verify", "add --verify");
  }
  if (o.follow && o.selection.until) {
    return wrong_options("--follow goes on after --until", "end it with --timeout");
  }
  if (env.globals.timeout && !o.follow) {
    return wrong_options("--timeout says how long to --follow", "add --follow, or leave it out");
  }
  return {};
}

/// Whether `file` is given beside the log that it belongs to, as `audit.log*` does: then the log
/// has it already, or it is none of its segments.
bool belongs_to(const fs::path& file, const audit::query::Log& log) {
  const auto is_it = [&](const fs::path& path) {
    return path.lexically_normal() == file.lexically_normal();
  };
  constexpr std::array<std::string_view, 5> kBeside = {"checkpoint", "tree", "lock", "key", "vkey"};
  return std::ranges::any_of(log.segments, is_it, &audit::Segment::path) ||
         std::ranges::any_of(kBeside,
                             [&](auto what) { return is_it(audit::beside(log.file, what)); });
}

Result<std::vector<audit::query::Log>> logs_of(const Options& o, Env& env) {
  std::vector<fs::path> files(o.files.begin(), o.files.end());
  if (files.empty()) {
    TRY(auto file, audit_log({}, env));
    files.push_back(std::move(file));
  }
  std::vector<audit::query::Log> all;
  for (const auto& file : files) {
    auto segments = audit_segments({file.string()}, env);
    const bool missing = !segments && segments.error().code == Errc::not_found;
    if (!segments && !(missing && o.follow)) return std::move(segments).error();
    TRY(auto log, audit_log({file.string()}, env));  // of a closed segment the log that it is of
    all.push_back({.file = std::move(log),
                   .segments = segments ? *std::move(segments) : std::vector<audit::Segment>()});
  }
  std::vector<audit::query::Log> logs;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool known = false;
    for (std::size_t j = 0; j < all.size(); ++j) {
      const bool same = all[i].file.lexically_normal() == all[j].file.lexically_normal();
      known = known || (same ? j < i : belongs_to(all[i].file, all[j]));
    }
    if (!known) logs.push_back(all[i]);
  }
  return logs;
}

/// How many of the selected records that are there are shown; nothing: all.
std::optional<std::size_t> wanted_lines(const Options& o) {
  if (o.lines) return o.lines;
  if (o.selection.since || o.selection.until) return std::nullopt;
  if (o.follow) return o.exit_on.empty() ? kUsualLines : 0;
  if (!o.selection.where.empty() || !o.exit_on.empty()) return std::nullopt;
  return kUsualLines;
}

/// One run: shows what is selected, until it has seen enough.
class Tail {
 public:
  Tail(const Options& o, Selection selection, std::optional<audit::query::Filter> exit_on, Env& env)
      : options_(o),
        selection_(std::move(selection)),
        exit_on_(std::move(exit_on)),
        env_(env),
        printer_({.kind = o.raw              ? RecordFormat::Kind::raw
                          : env.globals.json ? RecordFormat::Kind::json
                                             : RecordFormat::Kind::text,
                  .fields = o.fields},
                 env) {}

  Result<Exit> run(const std::vector<audit::query::Log>& logs) {
    for (const auto& log : logs)
      last_seqs_.emplace_back(log.file.string(), std::nullopt);
    if (options_.verify) TRY_VOID(prepare_checks(logs));
    TRY(const auto ends, show_past(logs));
    if (!is_over() && options_.follow) {
      TRY_VOID(follow(logs, ends));
    }
    if (found_ || changed_ != 0) return Exit::no;
    if (exit_on_ && (unjudged_ > 0 || waiting_) && env_.out) {
      return Error{.code = Errc::input,
                   .message = "--exit-on saw nothing, but could not see all",
                   .hint = "mcpauth audit verify",
                   .why = "what was no record, was cut off or is missing may have been a match"};
    }
    return Exit::ok;
  }

 private:
  bool is_over() const { return found_ || !env_.out; }

  Result<void> prepare_checks(const std::vector<audit::query::Log>& logs) {
    for (const auto& log : logs) {
      TRY(auto keys, verifiers_of(options_.keys, log.file));
      checks_.emplace_back(log.file.string(), audit::SealCheck(log.file, std::move(keys.keys)));
    }
    return {};
  }

  /// By the log that the file belongs to: the active file or one that is called after it.
  std::optional<audit::Mark> mark_of(const audit::LineView& record, const fs::path& file) {
    for (auto& [log, check] : checks_) {
      if (!is_called_after(file.string(), log)) continue;
      const auto mark = check.mark(record);
      if (mark == audit::Mark::changed) ++changed_;
      return mark;
    }
    return std::nullopt;
  }

  /// What the logs have now. From where to go on.
  Result<std::vector<std::optional<audit::query::Since>>> show_past(
      const std::vector<audit::query::Log>& logs) {
    std::vector<audit::query::Place> places(logs.size());
    if (const auto count = wanted_lines(options_)) {
      TRY(places, audit::query::last_lines(logs, *count, [this](std::string_view line) {
            return selection_.selects(line);
          }));
    }
    TRY(auto history, audit::query::History::open(logs, places));
    while (!is_over()) {
      TRY(const auto line, history.next());
      if (!line) break;
      show(line->text, *line->file, line->offset);
    }
    if (!options_.follow && !is_over()) tell_of_half_lines(logs, history.ends());
    return history.ends();
  }

  void tell_of_half_lines(const std::vector<audit::query::Log>& logs,
                          const std::vector<std::optional<audit::query::Since>>& ends) {
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (!ends[i] || ends[i]->offset >= logs[i].segments.back().bytes) continue;
      ++unjudged_;
      warn(env_,
           "the last line of " + quoted_file(logs[i].segments.back().path) + " is not finished");
    }
  }

  /// A record that never came could have been anything.
  void look_for_gap(std::string_view line, const fs::path& file) {
    const auto seq = audit::seq_of(line);
    if (!seq) return;
    for (auto& [log, last] : last_seqs_) {
      if (!is_called_after(file.string(), log)) continue;
      if (last && *seq > *last + 1) {
        ++unjudged_;
        warn(env_, "records " + std::to_string(*last + 1) + " to " + std::to_string(*seq - 1) +
                       " are missing before what is next in " + quoted_file(file));
      }
      last = seq;
      return;
    }
  }

  void show(std::string_view line, const fs::path& file, std::uint64_t offset) {
    look_for_gap(line, file);
    if (!selection_.could_select(line)) return;
    const auto record = audit::LineView::of(line);
    if (!record) {
      ++unjudged_;
      warn(env_, "line " + std::to_string(numbers_.number(file, offset)) + " of " +
                     quoted_file(file) + " is not a record");
    } else if (selection_.selects(*record)) {
      printer_.print(*record, mark_of(*record, file));
      found_ = exit_on_ && exit_on_->matches(*record);
    }
  }

  Result<void> follow(const std::vector<audit::query::Log>& logs,
                      const std::vector<std::optional<audit::query::Since>>& ends) {
    std::vector<audit::query::Follower> followers;
    for (std::size_t i = 0; i < logs.size(); ++i)
      followers.emplace_back(logs[i].file, ends[i]);
    const auto end = Timer::now() + env_.globals.timeout.value_or(std::chrono::hours(24 * 36'500));
    bool last = false;
    while (true) {
      for (auto& follower : followers)
        TRY_VOID(take_all(follower, end));
      TRY_VOID(commit());
      if (is_over() || last) return {};
      last = !wait_until(end);
    }
  }

  Result<void> take_all(audit::query::Follower& follower, Timer::time_point end) {
    // A log that grows faster than it can be shown must not keep us beyond the end.
    for (const auto hard_end = end + kLook; !is_over() && Timer::now() < hard_end;) {
      TRY(const auto news, follower.next());
      if (!news) return {};
      take(*news);
    }
    return {};
  }

  void take(const audit::query::News& news) {
    switch (news.kind) {
      case audit::query::News::Kind::line:
      case audit::query::News::Kind::unfinished:
        waiting_ = false;
        show(news.text, *news.file, news.offset);
        break;
      case audit::query::News::Kind::truncated:
        ++unjudged_;
        warn(env_, quoted_file(*news.file) + " was cut off: it is read again from its start");
        break;
      case audit::query::News::Kind::moved_on:
        detail(env_, "following", news.file->string());
        break;
      case audit::query::News::Kind::waiting:
        waiting_ = true;
        note(env_, "waiting for " + quoted_file(*news.file));
        break;
    }
  }

  /// Lets who reads have it now; a file of -o appears with the first of it.
  Result<void> commit() {
    if (env_.out.flush()) return commit_output(env_.out);
    return {};  // `run` says why, and whether that is an error
  }

  /// Until the next look; false when the end is there. A reader that goes away ends it at once.
  bool wait_until(Timer::time_point end) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Timer::now());
    if (left.count() <= 0) return false;
    const auto time = static_cast<int>(std::min(left, kLook).count());
    const bool to_stdout = env_.out_error != nullptr && env_.globals.output == "-";
    pollfd reader{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
    const int gone = ::poll(&reader, to_stdout ? 1 : 0, time);
    return gone <= 0;
  }

  static std::string quoted_file(const fs::path& file) {
    return for_reader("`" + file.string() + "`");
  }

  const Options& options_;
  const Selection selection_;
  const std::optional<audit::query::Filter> exit_on_;
  Env& env_;
  RecordPrinter printer_;
  LineNumbers numbers_;
  std::vector<std::pair<std::string, audit::SealCheck>> checks_;  ///< one a log, under --verify
  std::vector<std::pair<std::string, std::optional<std::uint64_t>>> last_seqs_;  ///< one a log
  bool waiting_ = false;  ///< for a file that is not there
  std::size_t changed_ = 0;
  bool found_ = false;
  std::size_t unjudged_ = 0;  ///< lines of which --exit-on could not say anything
};

Result<Exit> tail(const Options& o, Env& env) {
  TRY_VOID(check(o, env));
  TRY(auto selection, Selection::of(o.selection, env));
  TRY(auto exit_on, filter_option("--exit-on", o.exit_on, env));
  TRY(const auto logs, logs_of(o, env));
  for (const auto& log : logs)
    TRY_VOID(spare_log(log.file, env));
  return Tail(o, std::move(selection), std::move(exit_on), env).run(logs);
}

Result<void> take_lines(Options& o, std::string_view text) {
  o.lines = parse_number<std::size_t>(text);
  if (o.lines) return {};
  return Error{.code = Errc::usage, .message = "`" + std::string(text) + "` is no number of lines"};
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.arguments("FILES", "Logs to read; else the one of the configuration", o->files).completes =
      Completes::file;
  spec.flag("-F,--follow", "Go on with what is appended, over rotation and truncation", o->follow);
  spec.custom("-n,--lines", "N", "Show the last N of what is there",
              [o](std::string_view text) { return take_lines(*o, text); })
      .default_text = "10";
  spec.value("--since", "TIME", "Only records from this time on", o->selection.since);
  spec.value("--until", "TIME", "Only records before this time", o->selection.until);
  spec.value("--where", "EXPR", "Only records for which this holds", o->selection.where);
  spec.custom("--fields", "LIST", "Show these fields only, as in ts,sub,tool",
              [o](std::string_view text) -> Result<void> {
                TRY(o->fields, parse_fields(text));
                return {};
              });
  spec.value("--exit-on", "EXPR", "Stop with status 1 at a record for which this holds",
             o->exit_on);
  spec.flag("--verify", "Mark each record: sealed, unsealed, changed; status 1 if one is changed",
            o->verify);
  spec.values("--key", "VKEY", "Verifier key for --verify, or a file; default: FILE.vkey", o->keys);
  spec.flag("--raw", "Print the lines as they stand in the log", o->raw);
  return [o](Env& env) { return tail(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit tail -F --where 'decision=deny or decision=error'",
     "watch what is refused and what fails"},
    {"mcpauth audit tail --since -1h --where 'tool~\"hr/*\" and latency>50ms'",
     "the slow calls of the last hour"},
    {"mcpauth audit tail -F --exit-on decision=deny --timeout 60s",
     "in CI: fail when anything is refused within a minute"},
    {"mcpauth audit tail -F --verify", "whether each record is signed, as it comes"},
};

}  // namespace

extern const Command kAuditTail;
constinit const Command kAuditTail = {
    .path = "audit tail",
    .summary = "Show the last records of the audit log, and follow it",
    .description =
        "Prints one record a line, oldest first: time, decision, event, who (sub@org), tool or "
        "server, reason, latency and scopes; an intent is dim. One FILE stands for its whole log, "
        "closed segments too; records of several logs are put in order by their ts. Without -n it "
        "is the last 10, but all that are selected with --since or --until, and without --follow "
        "also with --where or --exit-on.\n\n"
        "EXPR compares fields of a record: decision=deny and tool~\"hr/*\" and latency>50ms. There "
        "are = != < <= > >=, ~ and !~ for patterns with * and ?, a field alone (it is there), and, "
        "or, not and parentheses. scope stands for any scope of the record; what is absent differs "
        "from everything. docs/audit.md has the whole language.\n\n"
        "--exit-on looks at what is selected. With --follow, and without -n and --since, that is "
        "what comes from now on; --timeout says how long. When nothing was seen the status is 0, "
        "or 3 "
        "where something was no record and so could not be judged.\n\n"
        "--verify holds each record that is shown against the signed tree. It takes one record for "
        "itself: that none is missing says `audit verify`.\n\n"
        "--json gives JSON Lines, each record as it was written, or with --fields these members of "
        "it; --raw gives the bytes of each record's line.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
