#include "core/audit/redact.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/audit/checkpoint.hpp"
#include "core/audit/leaf.hpp"
#include "core/audit/line_reader.hpp"
#include "core/audit/segments.hpp"
#include "core/audit/writer_lock.hpp"
#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEvent = "audit.redact";
constexpr std::size_t kBatch = 1024;  // announcements that share a write

bool has_value(const LineView& record, Field field) {
  return record.raw(field) != "null" && record.raw(field) != "[]";
}

/// The names of the fields that were taken out before.
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

/// Calls `take` with each record of a segment and what it becomes; nothing: it stays.
template <class Take>
Result<void> each_line(const Segment& segment, const Redaction& redaction, Take take) {
  TRY(auto lines, LineReader::open(segment.path, 0, segment.bytes));
  while (const auto line = lines.next()) {
    const auto record = LineView::of(*line);
    const bool selected = record && redaction.selects(*record);
    TRY_VOID(take(*line, selected ? redacted_line(*record, redaction.fields) : std::nullopt));
  }
  return lines.status();
}

/// A temporary beside the segment, with the new lines, on disk.
class Replacement {
 public:
  explicit Replacement(const fs::path& path)
      : path_(path), temporary_(path.string() + std::string(kTemporaryMark) + "XXXXXX") {
    fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
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

/// Tells the log what its lines will become. Returns which segments change.
Result<std::vector<Segment>> announce(Writer& writer, const Redaction& redaction,
                                      RedactReport& report, Instant now) {
  TRY(const auto segments, find_segments(redaction.log));
  Record record;
  record.event = kEvent;
  record.request_id = redaction.request_id;
  record.sub = redaction.sub;
  record.client_id = "mcpauth";
  record.decision = "allow";
  record.reason = reason::kGranted;
  for (const Field field : redaction.fields)
    record.scopes.emplace_back(kFieldNames[static_cast<std::size_t>(field)]);

  TreeHasher hasher;
  std::vector<Record> batch;
  const auto send = [&]() -> Result<void> {
    if (batch.empty()) return {};
    TRY_VOID(writer.append_all(batch, now));
    batch.clear();
    return {};
  };
  std::vector<Segment> changed;
  for (const auto& segment : segments) {
    const std::uint64_t before = report.records;
    TRY_VOID(each_line(segment, redaction,
                       [&](std::string_view, const std::optional<std::string>& next) -> Result<void> {
                         if (!next) return {};
                         record.jti = base64url::encode(hasher.leaf(*next));
                         batch.push_back(record);
                         ++report.records;
                         return batch.size() < kBatch ? Result<void>() : send();
                       }));
    if (report.records != before) changed.push_back(segment);
  }
  TRY_VOID(send());
  return changed;
}

Result<void> replace(const Segment& segment, const Redaction& redaction) {
  // The active file has grown by the announcements; they are copied as they are.
  Segment whole = segment;
  std::error_code error;
  whole.bytes = fs::file_size(segment.path, error);
  if (error) return unavailable(segment.path, "stat", error.value());
  Replacement replacement(segment.path);
  TRY_VOID(each_line(whole, redaction,
                     [&](std::string_view line, const std::optional<std::string>& next) -> Result<void> {
                       return replacement.add(next ? std::string_view(*next) : line);
                     }));
  return replacement.put_in_place();
}

}  // namespace

std::optional<std::string> redacted_line(const LineView& record, std::span<const Field> fields) {
  if (record.text(Field::event) == kEvent) return std::nullopt;
  const bool any =
      std::ranges::any_of(fields, [&record](Field field) { return has_value(record, field); });
  if (!any) return std::nullopt;
  std::string line = "{";
  auto names = earlier_fields(record);
  for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
    const auto field = static_cast<Field>(i);
    const bool gone = std::ranges::find(fields, field) != fields.end() && has_value(record, field);
    line += std::string(i == 0 ? "\"" : ",\"") + std::string(kFieldNames[i]) + "\":";
    line += gone ? std::string_view(field == Field::scopes ? "[]" : "null") : record.raw(field);
    if (gone) names.emplace_back(kFieldNames[i]);
  }
  TreeHasher hasher;
  const Hash leaf = original_leaf(record).value_or(hasher.leaf(record.line()));
  const json::Object note{{"leaf", to_base64(leaf)},
                          {"fields", json::Array(names.begin(), names.end())}};
  return line + ",\"redacted\":" + json::write(note) + "}";
}

Result<std::uint64_t> count_selected(const Redaction& redaction) {
  TRY(const auto segments, find_segments(redaction.log));
  std::uint64_t count = 0;
  for (const auto& segment : segments) {
    TRY_VOID(each_line(segment, redaction,
                       [&](std::string_view, const std::optional<std::string>& next) -> Result<void> {
                         if (next) ++count;
                         return {};
                       }));
  }
  return count;
}

Result<RedactReport> redact(Writer& writer, const Redaction& redaction, Instant now) {
  RedactReport report;
  // What is not sealed yet would be read again at the next start, and hashed as it is then.
  TRY_VOID(writer.seal(now));
  TRY(const auto changed, announce(writer, redaction, report, now));
  TRY_VOID(writer.seal(now));
  const auto replace_all = [&]() -> Result<void> {
    for (const auto& segment : changed) {
      TRY_VOID(replace(segment, redaction));
      report.rewritten.push_back(segment.path);
    }
    return {};
  };
  TRY_VOID(writer.rewrite(replace_all));
  return report;
}

}  // namespace mcpauth::audit
