#include "cli/audit_records.hpp"

#include <filesystem>
#include <system_error>

#include "cli/audit_files.hpp"
#include "cli/filter_option.hpp"
#include "cli/output.hpp"
#include "core/audit/line_reader.hpp"
#include "core/codec/number.hpp"
#include "core/codec/time.hpp"
#include "core/trail/filter.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTop = 100'000;

Result<std::optional<Instant>> instant_of(const std::optional<std::string>& text,
                                          std::string_view flag, const Env& env) {
  if (!text) return std::optional<Instant>();
  const auto instant = time::parse_instant(*text, env.now());
  if (instant) return std::optional<Instant>(*instant);
  auto error = Error(instant.error()).context(flag);
  error.code = Errc::usage;
  return error;
}

/// The times and the expression of RecordOptions, ready to be asked.
class Selection {
 public:
  static Result<Selection> of(const RecordOptions& options, Env& env) {
    Selection selection;
    TRY(selection.since_, instant_of(options.since, "--since", env));
    TRY(selection.until_, instant_of(options.until, "--until", env));
    if (selection.since_ && selection.until_ && *selection.until_ <= *selection.since_) {
      return Error{.code = Errc::usage, .message = "--until is not after --since"};
    }
    TRY(selection.filter_, filter_option("--where", options.where.value_or(""), env));
    return selection;
  }

  bool has(const audit::LineView& record) const {
    if (since_ || until_) {
      const auto at = record.ts();
      if (!at || (since_ && *at < *since_) || (until_ && *at >= *until_)) return false;
    }
    return !filter_ || filter_->matches(record);
  }

 private:
  std::optional<Instant> since_;
  std::optional<Instant> until_;
  std::optional<trail::Filter> filter_;
};

/// The answer must not replace what it is made from, nor become a part of it: whatever is called
/// FILE.SOMETHING or FILE-SOMETHING and begins with a record is one (audit/segments.hpp).
Result<void> check_output(const std::vector<audit::Segment>& segments, const Env& env) {
  if (env.globals.output == "-") return {};
  std::error_code gone;
  const auto output = fs::weakly_canonical(env.globals.output, gone);
  for (const auto& segment : segments) {
    const auto file = fs::weakly_canonical(segment.path, gone);
    const auto name = output.filename().string();
    const auto log = file.filename().string();
    const bool is_beside = output.parent_path() == file.parent_path() && name.starts_with(log);
    if (!is_beside) continue;
    if (name.size() > log.size() && name[log.size()] != '.' && name[log.size()] != '-') continue;
    if (name.ends_with(".html") || name.ends_with(".csv")) continue;
    return Error{
        .code = Errc::usage,
        .message = "`" + env.globals.output + "` is, or would be taken for, a part of the log",
        .hint = "give -o another name, in another folder"};
  }
  return {};
}

/// False when no more are wanted.
Result<bool> read_segment(const audit::Segment& segment, const Selection& selection,
                          const TakeRecord& take, RecordsRead& read) {
  TRY(auto reader, audit::LineReader::open(segment.path, 0, segment.bytes));
  while (const auto line = reader.next()) {
    const auto record = audit::LineView::of(*line);
    if (!record) {
      ++read.unreadable;
    } else if (!take(*record, selection.has(*record))) {
      return false;
    }
  }
  TRY_VOID(reader.status());
  if (reader.rest() > 0) ++read.unreadable;  // a torn line
  return true;
}

}  // namespace

void bind_records(Spec& spec, RecordOptions& options) {
  spec.arguments("FILES", "The log: one file for all of its files, or several as they are",
                 options.files)
      .completes = Completes::file;
  spec.value("--since", "TIME", "Only records of this time or later (RFC 3339, epoch, -2h)",
             options.since);
  spec.value("--until", "TIME", "Only records before this time", options.until);
  spec.value("--where", "EXPR", "Only records that meet this, as 'decision=deny and org=acme'",
             options.where);
}

void bind_top(Spec& spec, std::size_t& top) {
  spec.custom("--top", "N", "How many lines a ranking has at most",
              [&top](std::string_view text) -> Result<void> {
                const auto number = parse_number<std::size_t>(text);
                if (!number || *number == 0 || *number > kMostTop) {
                  return Error{.code = Errc::usage,
                               .message = "`" + std::string(text) + "` is no number from 1 to " +
                                          std::to_string(kMostTop)};
                }
                top = *number;
                return {};
              })
      .default_text = "10";
}

std::vector<std::pair<std::string, std::string>> selection_of(const RecordOptions& options,
                                                              const Env& env) {
  std::vector<std::pair<std::string, std::string>> parts;
  const auto add_time = [&](std::string_view name, const std::optional<std::string>& text) {
    const auto at = text ? time::parse_instant(*text, env.now()) : Result<Instant>(Instant());
    if (text && at) parts.emplace_back(name, time::format_instant(*at));
  };
  add_time("since", options.since);
  add_time("until", options.until);
  if (options.where) parts.emplace_back("where", *options.where);
  return parts;
}

Result<RecordsRead> read_records(const RecordOptions& options, Env& env, const TakeRecord& take) {
  TRY(const auto selection, Selection::of(options, env));
  TRY(const auto segments, audit_segments(options.files, env));
  TRY_VOID(check_output(segments, env));
  RecordsRead read;
  for (const auto& segment : segments) {
    read.files.push_back(segment.path.string());
    TRY(const bool goes_on, read_segment(segment, selection, take, read));
    if (!goes_on) break;
  }
  if (read.unreadable > 0) {
    warn(env, "warning: " + std::to_string(read.unreadable) +
                  (read.unreadable == 1 ? " line is no record and was left out"
                                        : " lines are no records and were left out") +
                  "; `mcpauth audit verify` says which");
  }
  return read;
}

}  // namespace mcpauth::cli
