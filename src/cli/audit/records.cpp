#include "cli/audit/records.hpp"

#include <filesystem>
#include <system_error>

#include "cli/audit/files.hpp"
#include "cli/frame/output.hpp"
#include "core/audit/log/line_reader.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTop = 100'000;

/// Refuses a -o that would replace a file of the log, or be taken for one: FILE.1 would be a
/// segment (core/audit/log/segments.hpp). So every name that begins with the log's name is refused,
/// except for a few endings.
Result<void> check_output(const std::vector<audit::Segment>& segments, const Env& env) {
  if (env.globals.output == "-") return {};
  std::error_code ignored;
  const auto output = fs::weakly_canonical(env.globals.output, ignored);
  for (const auto& segment : segments) {
    const auto file = fs::weakly_canonical(segment.path, ignored);
    const auto name = output.filename().string();
    const auto log = file.filename().string();
    const bool is_beside = output.parent_path() == file.parent_path() && name.starts_with(log);
    if (!is_beside) continue;
    if (name.size() > log.size() && name[log.size()] != '.' && name[log.size()] != '-') continue;
    if (name.ends_with(".html") || name.ends_with(".csv")) continue;
    return Error{.code = Errc::usage,
                 .message = text::format("`{}` is, or would be taken for, a file of the log",
                                         env.globals.output),
                 .hint = "use another name with -o, in another folder"};
  }
  return {};
}

/// False if the handler wants to stop.
Result<bool> read_segment(const audit::Segment& segment, const audit::query::Selection& selection,
                          const RecordHandler& handle, RecordsRead& read) {
  TRY(auto reader, audit::LineReader::open(segment, 0));
  while (const auto line = reader.next()) {
    const auto record = audit::LineView::of(*line);
    if (!record) {
      ++read.unreadable;
    } else if (!handle(*record, selection.selects(*record))) {
      return false;
    }
  }
  TRY_VOID(reader.status());
  if (reader.rest() > 0) ++read.unreadable;  // a torn line
  return true;
}

}  // namespace

void bind_records(Spec& spec, RecordOptions& options) {
  spec.arguments("FILES", "The log: one file for all its segments, or several files", options.files)
      .completes = Completes::file;
  spec.value("--since", "TIME", "Only records from this time on (RFC 3339, epoch, -2h)",
             options.selection.since);
  spec.value("--until", "TIME", "Only records before this time", options.selection.until);
  spec.value("--where", "EXPR", "Only records that match, such as 'decision=deny and org=acme'",
             options.selection.where);
}

void bind_top(Spec& spec, std::size_t& top) {
  spec.custom("--top", "N", "Length of each ranking",
              [&top](std::string_view text) -> Result<void> {
                const auto number = parse_number<std::size_t>(text);
                if (!number || *number == 0 || *number > kMostTop) {
                  return Error{
                      .code = Errc::usage,
                      .message = text::format("`{}` is not a number from 1 to {}", text, kMostTop)};
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
  add_time("since", options.selection.since);
  add_time("until", options.selection.until);
  if (!options.selection.where.empty()) parts.emplace_back("where", options.selection.where);
  return parts;
}

Result<RecordsRead> read_records(const RecordOptions& options, Env& env,
                                 const RecordHandler& handle) {
  TRY(const auto selection, parse_selection(options.selection, env));
  TRY(const auto segments, audit_segments(options.files, env));
  TRY_VOID(check_output(segments, env));
  RecordsRead read;
  for (const auto& segment : segments) {
    read.files.push_back(segment.path.string());
    TRY(const bool wants_more, read_segment(segment, selection, handle, read));
    if (!wants_more) break;
  }
  if (read.unreadable > 0) {
    const std::string_view what = read.unreadable == 1 ? "line is not a record and was skipped"
                                                       : "lines are not records and were skipped";
    warn(env,
         text::format("warning: {} {}; `mcpauth audit verify` says which", read.unreadable, what));
  }
  return read;
}

}  // namespace mcpauth::cli
