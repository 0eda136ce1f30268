#include "core/audit/log/recovery.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "core/audit/log/leaf.hpp"
#include "core/audit/log/line_reader.hpp"
#include "core/audit/log/record_form.hpp"
#include "core/audit/log/seek.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/writer_lock.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

/// The error for a log that does not continue what was signed.
Error broken(const fs::path& file, std::string_view why) {
  return unavailable(file, why,
                     text::format("`mcpauth audit verify {}` says what happened; keep its files as "
                                  "evidence, and start a new log",
                                  file.string()));
}

class Recovery {
 public:
  Recovery(const fs::path& file, TreeFile& tree, std::span<const NoteVerifier> verifiers)
      : file_(file), tree_(tree), verifiers_(verifiers) {}

  Result<LogEnd> run() {
    TRY(segments_, find_segments(file_));
    TRY_VOID(drop_empty());
    TRY_VOID(read_checkpoint());
    TRY_VOID(check_closed());
    if (end_.is_new) {
      TRY_VOID(tree_.cut(0));
      return end_;
    }
    TRY_VOID(restore_range());
    TRY_VOID(replay());
    return end_;
  }

 private:
  /// Drops empty files, and checks that every other one begins with a record.
  Result<void> drop_empty() {
    std::erase_if(segments_, [](const Segment& segment) { return segment.bytes == 0; });
    for (const auto& segment : segments_) {
      if (segment.first_seq) continue;
      if (segment.bytes < kMaxLine && segment.path == file_)
        continue;  // it may be a torn first line
      return broken(file_,
                    text::format("`{}` does not begin with a record", segment.path.string()));
    }
    return {};
  }

  Result<void> read_checkpoint() {
    const auto path = beside(file_, "checkpoint");
    const auto text = read_beside(path);
    if (!text) {
      if (text.error().code != Errc::not_found) return broken(file_, text.error().message);
      if (!segments_.empty()) {
        return broken(file_, text::format("its checkpoint `{}` is missing", path.string()));
      }
      end_.is_new = true;
      return {};
    }
    const auto note = parse_note(*text);
    if (!note) {
      return broken(file_, text::format("`{}`: {}", path.string(), note.error().message));
    }
    const Trust trust = judge(*note, verifiers_);
    if (trust == Trust::unknown) {
      return unavailable(file_, "its checkpoint is signed by a key other than [audit] key",
                         "list the old key too, [audit] key = [\"NEW\", \"OLD\"], until every "
                         "verifier has the new one");
    }
    if (trust == Trust::forged) return broken(file_, "the signature of its checkpoint is wrong");
    end_.all_signed = std::ranges::all_of(verifiers_, [&note](const NoteVerifier& verifier) {
      return std::ranges::any_of(note->signatures, [&verifier](const NoteSignature& signature) {
        return verifier.knows(signature);
      });
    });
    auto sealed = parse_checkpoint(note->text);
    if (!sealed) {
      return broken(file_, text::format("`{}`: {}", path.string(), sealed.error().message));
    }
    end_.sealed = *std::move(sealed);
    return {};
  }

  /// A closed segment is signed completely, so the log's checkpoint covers it. If it does not, an
  /// older checkpoint was put back, and the records that it does not cover would be signed
  /// unchecked.
  Result<void> check_closed() {
    for (const auto& segment : segments_) {
      if (segment.path == file_) continue;
      const auto path = beside(segment.path, "checkpoint");
      const auto closed = read_signed_checkpoint(path);
      if (!closed || closed->checkpoint.size <= end_.sealed.size) continue;
      if (judge(closed->note, verifiers_) == Trust::good) {
        return broken(file_, text::format("its checkpoint is older than `{}`", path.string()));
      }
    }
    return {};
  }

  /// The range of the sealed records: from the tree if that leads to the signed root, else from the
  /// records.
  Result<void> restore_range() {
    const std::uint64_t size = end_.sealed.size;
    if (tree_.leaves() >= size) {
      auto range = tree_.range(size);
      if (range && range->root(hasher_) == end_.sealed.root) {
        end_.range = *std::move(range);
        return tree_.cut(size);
      }
    }
    TRY_VOID(tree_.cut(0));
    for (const auto& segment : segments_) {
      if (end_.range.end() >= size) break;
      TRY_VOID(read_lines(segment, 0, size));
    }
    if (end_.range.end() == size && end_.range.root(hasher_) == end_.sealed.root) return {};
    return broken(file_, "its records are not the ones that were signed");
  }

  /// Adds the records that were written after the checkpoint.
  Result<void> replay() {
    const std::uint64_t size = end_.sealed.size;
    end_.active_first = size;
    end_.adopted_from = size;
    if (segments_.empty()) return {};  // all files were moved away, and the log continues
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      const Segment& segment = segments_[i];
      const bool last = i + 1 == segments_.size();
      if (!last && segments_[i + 1].first_seq.value_or(size + 1) <= size) continue;
      std::uint64_t from = 0;
      if (segment.first_seq && *segment.first_seq < size) {
        TRY(from, offset_of_seq(segment, size));
        if (from == segment.bytes) {
          TRY(from, end_of_last(segment, size));
        }
      }
      TRY_VOID(read_lines(segment, from, std::numeric_limits<std::uint64_t>::max(), last));
      if (segment.path == file_) end_.active_first = segment.first_seq.value_or(end_.range.end());
    }
    if (segments_.back().path != file_) {
      end_.active_first = end_.range.end();
      end_.active_bytes = 0;
    }
    return {};
  }

  /// The offset after the last sealed record. No record comes after the checkpoint, so that record
  /// must be the last one.
  Result<std::uint64_t> end_of_last(const Segment& segment, std::uint64_t size) {
    TRY(const auto from, offset_of_seq(segment, size - 1));
    TRY(auto lines, LineReader::open(segment, from));
    const auto line = lines.next();
    if (line && seq_of(*line) == size - 1) return from + line->size() + 1;
    return broken(file_, text::format("signed records are missing: there are fewer than {}", size));
  }

  Result<void> read_lines(const Segment& segment, std::uint64_t from, std::uint64_t until,
                          bool may_be_torn = false) {
    TRY(auto lines, LineReader::open(segment, from));
    while (end_.range.end() < until) {
      const auto line = lines.next();
      if (!line) break;
      const auto record = LineView::of(*line);
      if (!record || !is_sound(*record) || record->seq() != end_.range.end()) {
        return broken(file_, text::format("the line at byte {} of `{}` is not record {}",
                                          lines.offset(), segment.path.string(), end_.range.end()));
      }
      end_.range.append({0, end_.range.end(), leaf_of(*line, hasher_)}, hasher_,
                        [this](const Node& node) { tree_.put(node); });
    }
    TRY_VOID(lines.status());
    if (!may_be_torn) return {};
    end_.active_bytes = lines.offset();
    if (lines.rest() == 0) {
      end_.active_bytes = segment.bytes;
      return {};
    }
    end_.torn_bytes = lines.rest();
    return cut(segment.path, end_.active_bytes);
  }

  Result<void> cut(const fs::path& path, std::uint64_t bytes) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return unavailable(file_, "open", errno);
    const bool done = ::ftruncate(fd, static_cast<off_t>(bytes)) == 0 && ::fdatasync(fd) == 0;
    const int error = errno;
    ::close(fd);
    if (!done) return unavailable(file_, "cut off a torn line", error);
    return {};
  }

  const fs::path& file_;
  TreeFile& tree_;
  std::span<const NoteVerifier> verifiers_;
  TreeHasher hasher_;
  std::vector<Segment> segments_;
  LogEnd end_;
};

}  // namespace

Result<LogEnd> recover(const fs::path& file, TreeFile& tree,
                       std::span<const NoteVerifier> verifiers) {
  auto end = Recovery(file, tree, verifiers).run();
  if (!end && end.error().reason.empty()) return unavailable(file, end.error().message);
  return end;
}

}  // namespace mcpauth::audit
