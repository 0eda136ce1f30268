#include "core/audit/log/writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/audit/log/active_file.hpp"
#include "core/audit/log/recovery.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/tree_file.hpp"
#include "core/audit/log/writer_lock.hpp"
#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

/// Bounds what must be read again at a start: about ten milliseconds.
constexpr std::uint64_t kMaxUnsealed = 16384;

/// Records that are written together. Only the `seq` is missing from their lines.
struct Batch {
  std::vector<std::string> line_ends = {};
  Instant now{};
  std::uint64_t first_seq = 0;
  bool done = false;
  std::optional<Error> error = {};
};

std::vector<NoteVerifier> verifiers_of(const std::vector<NoteSigner>& signers) {
  std::vector<NoteVerifier> verifiers;
  for (const auto& signer : signers)
    verifiers.push_back(signer.verifier());
  return verifiers;
}

Record recovery_record(std::string_view reason) {
  Record record;
  record.event = "audit.recover";
  record.reason = reason;
  return record;
}

/// Removes temporary files of a writer that was killed. Nobody else creates them while we hold the
/// lock.
void remove_leftovers(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string name = file.filename().string();
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string other = entry->path().filename().string();
    const std::size_t mark = other.find(kTemporaryMark);
    if (!other.starts_with(name) || mark == std::string::npos) continue;
    const auto what =
        std::string_view(other).substr(name.size(), mark - std::min(mark, name.size()));
    // Not those of FILE.key, which is created before the lock is taken.
    if (!what.empty() && what != ".checkpoint" && what != ".vkey" && !is_rotated_name(what))
      continue;
    std::error_code ignored;
    fs::remove(entry->path(), ignored);
  }
}

}  // namespace

/// `mutex_` guards everything. While `writing_` is set, one thread uses the files alone, without
/// holding the mutex.
class Writer::State {
 public:
  State(WriterOptions options, WriterLock lock, TreeFile tree, ActiveFile active, LogEnd end)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        tree_(std::move(tree)),
        active_(std::move(active)),
        range_(std::move(end.range)),
        sealed_(std::move(end.sealed)),
        segment_first_(end.active_first),
        torn_bytes_(end.torn_bytes) {}

  /// Signs a new log before its first record, and a log whose keys changed at once.
  Result<void> start(Instant now, bool is_new, bool all_signed) {
    last_seal_ = now;
    segment_start_ = active_.started().value_or(now);
    if (is_new) {
      sealed_ = {.origin = options_.signers.front().verifier().name(), .size = 0, .root = {}};
    }
    TRY_VOID(publish_verifiers());
    if (is_new || !all_signed) TRY_VOID(sign(now));
    TRY_VOID(tree_.flush());  // a lost tree was built again
    started_ = true;
    return {};
  }

  Result<std::uint64_t> append(std::span<const Record> records, Instant ts) {
    std::vector<std::string> line_ends;
    for (const auto& record : records)
      line_ends.push_back(to_line_end(record, ts) + "\n");
    std::unique_lock lock(mutex_);
    // With Durability::each nobody joins a batch: it is written as soon as the files are free.
    const auto batch = join();
    const std::size_t place = batch->line_ends.size();
    std::ranges::move(line_ends, std::back_inserter(batch->line_ends));
    batch->now = std::max(batch->now, ts);
    while (!batch->done) {
      if (writing_) {
        turn_.wait(lock);
        continue;
      }
      write_next(lock);
    }
    if (batch->error) return *batch->error;
    return batch->first_seq + place;
  }

  Result<void> with_files(auto doing) {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [this] { return !writing_; });
    return with_reason(doing());
  }

  Result<void> seal(Instant now) {
    if (range_.end() == sealed_.size || !started_) return {};
    return sign(now);
  }

  Result<void> tick(Instant now) {
    if (now - last_seal_ >= options_.checkpoint_every) TRY_VOID(seal(now));
    if (is_old(now)) TRY_VOID(rotate(now));
    return {};
  }

  Result<void> reopen(Instant now) {
    TRY_VOID(seal(now));
    TRY(const bool moved, active_.was_moved());
    if (!moved) return {};
    return next_file(now);
  }

  Result<void> rewrite(const std::function<Result<void>()>& replace) {
    TRY_VOID(replace());
    return active_.open_replaced();
  }

  const NoteSigner& signer() const { return options_.signers.front(); }
  std::uint64_t torn_bytes() const { return torn_bytes_; }
  std::uint64_t size() {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [this] { return !writing_; });
    return range_.end();
  }

 private:
  /// Gives every failure the reason that callers act on.
  Result<void> with_reason(Result<void> done) const {
    if (done || !done.error().reason.empty()) return done;
    return unavailable(options_.file, done.error().message, done.error().hint);
  }

  std::shared_ptr<Batch> join() {
    if (batches_.empty() || options_.durability == Durability::each) {
      batches_.push_back(std::make_shared<Batch>());
    }
    return batches_.back();
  }

  /// Writes the oldest batch, with the mutex unlocked meanwhile.
  void write_next(std::unique_lock<std::mutex>& lock) {
    const auto batch = batches_.front();
    batches_.erase(batches_.begin());
    writing_ = true;
    lock.unlock();
    auto written = with_reason(write(*batch));
    lock.lock();
    writing_ = false;
    batch->done = true;
    if (!written) batch->error = std::move(written).error();
    turn_.notify_all();
  }

  Result<void> write(Batch& batch) {
    const Instant now = batch.now;
    TRY_VOID(make_room(now));
    batch.first_seq = range_.end();
    std::string bytes;
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < batch.line_ends.size(); ++i) {
      bytes += line_start(batch.first_seq + i);
      bytes += batch.line_ends[i];
      ends.push_back(bytes.size());
    }
    TRY_VOID(active_.append(bytes, options_.durability != Durability::os));
    std::size_t start = 0;
    for (const std::size_t end : ends) {
      add_leaf(std::string_view(bytes).substr(start, end - start - 1));
      start = end;
    }
    // The records are safe. If signing fails, the next attempt reports it.
    if (now - last_seal_ >= options_.checkpoint_every ||
        range_.end() - sealed_.size >= kMaxUnsealed) {
      (void)seal(now);
    }
    return {};
  }

  void add_leaf(std::string_view line) {
    range_.append({0, range_.end(), hasher_.leaf(line)}, hasher_,
                  [this](const Node& node) { tree_.put(node); });
  }

  /// Makes sure that the log's path leads to our file, and rotates it if it is too large or too
  /// old.
  Result<void> make_room(Instant now) {
    TRY(const bool moved, active_.was_moved());
    if (moved) {
      TRY_VOID(seal(now));
      TRY_VOID(next_file(now));
    }
    const bool is_long = options_.rotate_bytes != 0 && active_.size() >= options_.rotate_bytes;
    if (is_long || is_old(now)) TRY_VOID(rotate(now));
    return {};
  }

  bool is_old(Instant now) const {
    return options_.rotate_every.count() != 0 && active_.size() != 0 &&
           now - segment_start_ >= options_.rotate_every;
  }

  /// Closes the segment: gives it its own name and the checkpoint that covers all of it.
  Result<void> rotate(Instant now) {
    TRY_VOID(seal(now));
    const fs::path closed = closed_name(options_.file, segment_first_);
    TRY(const std::string checkpoint, read_beside(beside(options_.file, "checkpoint")));
    TRY_VOID(write_file(beside(closed, "checkpoint"), bytes_of(checkpoint), Overwrite::yes, 0644));
    if (auto renamed = active_.rename_to(closed); !renamed) {
      // Another process may have renamed it just now, which closes it as well.
      TRY(const bool moved, active_.was_moved());
      if (!moved) return renamed;
    }
    return next_file(now);
  }

  Result<void> next_file(Instant now) {
    TRY_VOID(active_.open_new());
    segment_first_ = range_.end();
    segment_start_ = now;
    return {};
  }

  /// Writes FILE.vkey, the keys that verify the checkpoints.
  Result<void> publish_verifiers() {
    std::string vkeys;
    for (const auto& signer : options_.signers)
      vkeys += signer.verifier().vkey() + "\n";
    const auto path = beside(options_.file, "vkey");
    if (const auto there = read_beside(path); there && *there == vkeys) return {};
    return write_file(path, bytes_of(vkeys), Overwrite::yes, 0644);
  }

  Result<void> sign(Instant now) {
    TRY_VOID(active_.sync());
    TRY_VOID(tree_.flush());
    Checkpoint next{.origin = sealed_.origin, .size = range_.end(), .root = range_.root(hasher_)};
    TRY(const std::string note, sign_note(to_text(next), options_.signers));
    TRY_VOID(write_file(beside(options_.file, "checkpoint"), bytes_of(note), Overwrite::yes, 0644));
    sealed_ = std::move(next);
    last_seal_ = now;
    return {};
  }

  WriterOptions options_;
  WriterLock lock_;
  TreeFile tree_;
  ActiveFile active_;
  TreeHasher hasher_;
  CompactRange range_;
  Checkpoint sealed_;
  Instant last_seal_{};
  std::uint64_t segment_first_;
  Instant segment_start_{};
  std::uint64_t torn_bytes_;
  bool started_ = false;  ///< a log that failed to start is left as it is

  std::mutex mutex_;
  std::condition_variable turn_;
  bool writing_ = false;
  std::vector<std::shared_ptr<Batch>> batches_;
};

Result<Writer> Writer::open(WriterOptions options, Instant now) {
  const fs::path file = options.file;
  TRY(auto lock, WriterLock::take(file, options.lock_timeout));
  remove_leftovers(file);
  TRY(auto active, ActiveFile::open(file));
  auto tree = TreeFile::open(beside(file, "tree"), TreeFile::For::writing);
  if (!tree) return unavailable(file, tree.error().message);
  TRY(auto end, recover(file, *tree, verifiers_of(options.signers)));
  TRY_VOID(active.start_at(end.active_bytes));
  const bool is_new = end.is_new;
  const bool torn = end.torn_bytes != 0;
  const std::uint64_t adopted_from = end.adopted_from;
  const std::uint64_t adopted_to = end.range.end();
  const bool all_signed = end.all_signed;
  Writer writer(std::make_unique<State>(std::move(options), std::move(lock), *std::move(tree),
                                        std::move(active), std::move(end)));
  auto started = writer.state_->start(now, is_new, all_signed);
  if (!started) return unavailable(file, started.error().message);
  std::vector<Record> recovered;
  if (!is_new && adopted_from != adopted_to) {
    recovered.push_back(recovery_record(reason::kUnsealedTail));
    recovered.back().jti = text::format("{}-{}", adopted_from, adopted_to - 1);
  }
  if (torn) recovered.push_back(recovery_record(reason::kTornLastLine));
  if (!recovered.empty()) TRY_VOID(writer.append_all(recovered, now));
  return writer;
}

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&& other) noexcept = default;

Writer::~Writer() {
  if (state_) (void)close({});
}

Result<std::uint64_t> Writer::append(const Record& record, Instant ts) {
  return state_->append({&record, 1}, ts);
}

Result<std::uint64_t> Writer::append_all(std::span<const Record> records, Instant ts) {
  return state_->append(records, ts);
}

Result<void> Writer::rewrite(const std::function<Result<void>()>& replace) {
  return state_->with_files([&] { return state_->rewrite(replace); });
}

Result<void> Writer::seal(Instant now) {
  return state_->with_files([&] { return state_->seal(now); });
}

Result<void> Writer::tick(Instant now) {
  return state_->with_files([&] { return state_->tick(now); });
}

Result<void> Writer::reopen(Instant now) {
  return state_->with_files([&] { return state_->reopen(now); });
}

Result<void> Writer::close(Instant now) {
  return seal(now);
}

const NoteSigner& Writer::signer() const {
  return state_->signer();
}

std::uint64_t Writer::torn_bytes() const {
  return state_->torn_bytes();
}

std::uint64_t Writer::size() const {
  return state_->size();
}

}  // namespace mcpauth::audit
