#include "core/audit/log/redact.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/audit/log/announcement.hpp"
#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/leaf.hpp"
#include "core/audit/log/line_reader.hpp"
#include "core/audit/log/seal_check.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/verify.hpp"
#include "core/audit/log/writer_lock.hpp"
#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 1024;  // announcements that share a write
constexpr std::string_view kNothingRedacted =
    "nothing was redacted; `mcpauth audit verify` says more";
constexpr std::string_view kWhyDenied =
    "redacting it would put a good signature on records that were changed";

bool has_value(const LineView& record, Field field) {
  return record.raw(field) != "null" && record.raw(field) != "[]";
}

/// The names of the fields that were removed before.
std::vector<std::string> earlier_fields(const LineView& record) {
  std::vector<std::string> names;
  const auto object = json::parse(record.redacted());
  const auto* list = object ? object->find("fields") : nullptr;
  if (list == nullptr || list->array() == nullptr) return names;
  for (const auto& name : *list->array()) {
    if (name.string() != nullptr) names.push_back(*name.string());
  }
  return names;
}

/// Calls `handle` with each line of a segment and the line that it becomes, if it changes.
template <class Handle>
Result<void> each_line(const Segment& segment, const Redaction& redaction, Handle handle) {
  TRY(auto lines, LineReader::open(segment, 0));
  while (const auto line = lines.next()) {
    const auto record = LineView::of(*line);
    const bool selected = record && redaction.selects(*record);
    TRY_VOID(handle(*line, selected ? redacted_line(*record, redaction.fields) : std::nullopt));
  }
  return lines.status();
}

/// A temporary file in the segment's folder that will replace the segment.
class Replacement {
 public:
  explicit Replacement(const fs::path& path)
      : path_(path), temporary_(text::format("{}{}XXXXXX", path.string(), kTemporaryMark)) {
    fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
    struct stat info{};  // the new file keeps the permissions of the old one
    if (fd_ >= 0 && ::stat(path_.c_str(), &info) == 0) ::fchmod(fd_, info.st_mode & 0777U);
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(temporary_.c_str());
  }

  Result<void> add(std::string_view line) {
    pending_.append(line).push_back('\n');
    return pending_.size() < kFlush ? Result<void>() : flush();
  }

  Result<void> put_in_place() {
    TRY_VOID(flush());
    if (::fsync(fd_) != 0) return unavailable(path_, "sync", errno);
    TRY_VOID(mcpauth::put_in_place(temporary_, path_, Overwrite::yes));
    ::close(fd_);
    fd_ = -1;
    return {};
  }

 private:
  static constexpr std::size_t kFlush = std::size_t{1} << 20;

  Result<void> flush() {
    if (fd_ < 0) return unavailable(path_, "make a temporary", errno);
    std::string_view rest = pending_;
    while (!rest.empty()) {
      const ssize_t put = ::write(fd_, rest.data(), rest.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return unavailable(path_, "write", errno);
      rest.remove_prefix(static_cast<std::size_t>(put));
    }
    pending_.clear();
    return {};
  }

  const fs::path& path_;
  std::string temporary_;
  std::string pending_;
  int fd_ = -1;
};

/// A log that does not verify is not redacted.
Result<void> check_whole(const Writer& writer, const Redaction& redaction) {
  TRY(const auto segments, find_segments(redaction.log));
  VerifyOptions options{.log = redaction.log, .verifiers = redaction.verifiers};
  options.verifiers.push_back(writer.signer().verifier());
  if (!segments.empty()) options.first = segments.front().first_seq.value_or(0);
  TRY(const auto report, verify(segments, options));
  if (report.verdict == Verdict::ok) return {};
  return Error{.code = Errc::denied,
               .message = text::format("the log is {}: {}", name(report.verdict), report.why),
               .hint = std::string(kNothingRedacted),
               .why = std::string(kWhyDenied)};
}

Error changed_meanwhile(Mark mark) {
  return {.code = Errc::denied,
          .message = text::format("a record is {} since the log was verified", name(mark)),
          .hint = std::string(kNothingRedacted),
          .why = std::string(kWhyDenied)};
}

/// The `audit.redact` record, without its `jti`.
Record announcing_record(const Redaction& redaction) {
  Record record;
  record.event = kRedactEvent;
  record.request_id = redaction.request_id;
  record.sub = redaction.sub;
  record.client_id = "mcpauth";
  record.decision = "allow";
  record.reason = reason::kGranted;
  for (const Field field : redaction.fields)
    record.scopes.emplace_back(name(field));
  return record;
}

/// Appends a record for each line that will change. Returns how many.
Result<std::uint64_t> announce_all(Writer& writer, const Redaction& redaction, Instant now) {
  TRY(const auto segments, find_segments(redaction.log));
  Record record = announcing_record(redaction);
  TreeHasher hasher;
  const NoteSigner& signer = writer.signer();
  std::uint64_t announced = 0;
  std::vector<Record> batch;
  const auto send = [&]() -> Result<void> {
    if (batch.empty()) return {};
    TRY_VOID(writer.append_all(batch, now));
    batch.clear();
    return {};
  };
  // The log was verified a moment ago. An announced line must still be the one that was signed.
  SealCheck check(redaction.log, {signer.verifier()});
  const auto announce_line = [&](std::string_view line,
                                 const std::optional<std::string>& next) -> Result<void> {
    if (!next) return {};
    const auto mark = check.mark(*LineView::of(line));
    if (mark != Mark::sealed && mark != Mark::redacted) return changed_meanwhile(mark);
    TRY(record.jti, announce(hasher.leaf(*next), signer.verifier().name(), signer));
    batch.push_back(record);
    ++announced;
    return batch.size() < kBatch ? Result<void>() : send();
  };
  for (const auto& segment : segments)
    TRY_VOID(each_line(segment, redaction, announce_line));
  TRY_VOID(send());
  return announced;
}

/// How many lines of a segment change.
Result<std::uint64_t> changes_in(const Segment& segment, const Redaction& redaction) {
  std::uint64_t count = 0;
  TRY_VOID(each_line(segment, redaction,
                     [&](std::string_view, const std::optional<std::string>& next) -> Result<void> {
                       if (next) ++count;
                       return {};
                     }));
  return count;
}

Result<void> replace(const Segment& segment, const Redaction& redaction) {
  // Replace the file that a symbolic link leads to, not the link.
  std::error_code error;
  const fs::path path = fs::canonical(segment.path, error);
  if (error) return unavailable(segment.path, "find", error.value());
  Replacement replacement(path);
  const auto copy = [&](std::string_view line,
                        const std::optional<std::string>& next) -> Result<void> {
    return replacement.add(next ? std::string_view(*next) : line);
  };
  TRY_VOID(each_line(segment, redaction, copy));
  return replacement.put_in_place();
}

/// Lists the files again, because announcing may have closed a segment.
Result<void> replace_all(const Redaction& redaction, RedactReport& report) {
  TRY(const auto segments, find_segments(redaction.log));
  std::uint64_t changed = 0;
  for (const auto& segment : segments) {
    TRY(const std::uint64_t count, changes_in(segment, redaction));
    if (count == 0) continue;
    TRY_VOID(replace(segment, redaction));
    report.rewritten.push_back(segment.path);
    changed += count;
  }
  if (changed == report.records) return {};
  return unavailable(redaction.log,
                     text::format("{} of {} records were redacted: run the command again", changed,
                                  report.records));
}

}  // namespace

std::optional<std::string> redacted_line(const LineView& record, std::span<const Field> fields) {
  if (record.text(Field::event) == kRedactEvent) return std::nullopt;
  const bool any =
      std::ranges::any_of(fields, [&record](Field field) { return has_value(record, field); });
  if (!any) return std::nullopt;
  std::string line = "{";
  auto names = earlier_fields(record);
  for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
    const auto field = static_cast<Field>(i);
    const bool removed =
        std::ranges::find(fields, field) != fields.end() && has_value(record, field);
    line.append(i == 0 ? "\"" : ",\"").append(name(field)).append("\":");
    line += removed ? std::string_view(field == Field::scopes ? "[]" : "null") : record.raw(field);
    if (removed) names.emplace_back(name(field));
  }
  TreeHasher hasher;
  const Hash leaf = original_leaf(record).value_or(hasher.leaf(record.line()));
  const json::Object note{{"leaf", to_base64(leaf)},
                          {"fields", json::Array(names.begin(), names.end())}};
  return line.append(",\"redacted\":").append(json::write(note)).append("}");
}

Result<std::uint64_t> count_selected(const Redaction& redaction) {
  TRY(const auto segments, find_segments(redaction.log));
  std::uint64_t count = 0;
  for (const auto& segment : segments) {
    TRY(const std::uint64_t more, changes_in(segment, redaction));
    count += more;
  }
  return count;
}

Result<RedactReport> redact(Writer& writer, const Redaction& redaction, Instant now) {
  RedactReport report;
  // An unsealed record would be hashed again at the next start, as it is then.
  TRY_VOID(writer.seal(now));
  TRY_VOID(check_whole(writer, redaction));
  TRY(report.records, announce_all(writer, redaction, now));
  TRY_VOID(writer.seal(now));
  TRY_VOID(writer.rewrite([&] { return replace_all(redaction, report); }));
  return report;
}

}  // namespace mcpauth::audit
