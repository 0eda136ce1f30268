#include "core/audit/query/log.hpp"

#include <algorithm>

#include "core/codec/format.hpp"

namespace mcpauth::audit::query {
namespace {

namespace fs = std::filesystem;

bool is_same(const fs::path& a, const fs::path& b) {
  return a.lexically_normal() == b.lexically_normal();
}

bool belongs_to(const fs::path& file, const Log& log) {
  const auto is_segment = [&](const audit::Segment& segment) {
    return is_same(segment.path, file);
  };
  const auto is_beside = [&](std::string_view what) {
    return is_same(audit::beside(log.file, what), file);
  };
  return std::ranges::any_of(log.segments, is_segment) ||
         std::ranges::any_of(audit::kBesideLog, is_beside);
}

}  // namespace

std::vector<Log> without_duplicates(const std::vector<Log>& logs) {
  std::vector<Log> kept;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    bool is_known = false;
    for (std::size_t j = 0; j < logs.size(); ++j) {
      const bool same = is_same(logs[i].file, logs[j].file);
      is_known = is_known || (same ? j < i : belongs_to(logs[i].file, logs[j]));
    }
    if (!is_known) kept.push_back(logs[i]);
  }
  return kept;
}

Result<LogFile> open_segment(const Log& log, const audit::Segment& segment) {
  auto file = LogFile::open(segment.path);
  if (file && file->first_seq() == segment.first_seq) return file;
  TRY(const auto segments, audit::find_segments(log.file));
  const auto found = std::ranges::find(segments, segment.first_seq, &audit::Segment::first_seq);
  if (found != segments.end()) {
    TRY(auto moved, LogFile::open(found->path));
    if (moved.first_seq() == segment.first_seq) return moved;
  }
  if (!file) return file;
  return Error{
      .code = Errc::io,
      .message = text::format("`{}` was replaced while it was read", segment.path.string())};
}

}  // namespace mcpauth::audit::query
