#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/audit/log/note.hpp"
#include "core/audit/log/record.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// What a record survives once it is acknowledged.
enum class Durability {
  each,   ///< a crash of the machine: each record is written and synced by itself
  group,  ///< the same, but concurrent records share one write and one sync
  os,     ///< a crash of the process only: the system decides when to write to disk
};

struct WriterOptions {
  std::filesystem::path file;
  std::vector<NoteSigner> signers = {};  ///< one or more (log_signers); all sign each checkpoint
  Durability durability = Durability::group;
  std::uint64_t rotate_bytes = 0;        ///< close a segment that has this size; 0: never
  std::chrono::seconds rotate_every{0};  ///< close a segment that has this age; 0: never
  std::chrono::seconds checkpoint_every{10};
  std::chrono::milliseconds lock_timeout{5000};  ///< how long `open` waits for another writer
};

/// The one writer of a log. It holds the log's lock as long as it exists. Every failure has the
/// reason kAuditUnavailable and means that nothing was recorded: a partial write is undone.
///
/// A record is acknowledged once it is as safe as `durability` says. A checkpoint is signed when
/// one is due, before a segment is closed, and at the end. Only what is on disk is signed.
class Writer {
 public:
  /// Opens or creates the log (0600). It must be a regular file that belongs to this user or root
  /// and that nobody else can write. See `recover` for the logs that are refused.
  static Result<Writer> open(WriterOptions options, Instant now);

  Writer(Writer&& other) noexcept;
  Writer& operator=(Writer&&) = delete;
  /// Signs a checkpoint of all records. `close` does the same and reports failure.
  ~Writer();

  /// Returns the record's `seq` once it is acknowledged. Thread-safe.
  Result<std::uint64_t> append(const Record& record, Instant ts);

  /// The same for several records with one write. Returns the `seq` of the first.
  Result<std::uint64_t> append_all(std::span<const Record> records, Instant ts);

  /// Calls `replace`, which may replace files of the log by files with as many lines, while nothing
  /// is appended. Continues in the new active file.
  Result<void> rewrite(const std::function<Result<void>()>& replace);

  /// Signs a checkpoint of all records so far and replaces FILE.checkpoint.
  Result<void> seal(Instant now);
  /// For a timer: signs a checkpoint when one is due, and rotates by age.
  Result<void> tick(Instant now);
  /// For SIGHUP, after the file was renamed: signs a checkpoint and continues in a new file with
  /// the old name. `append` notices a rename by itself.
  Result<void> reopen(Instant now);
  Result<void> close(Instant now);

  /// The first of the signers; it also has the log's name.
  const NoteSigner& signer() const;
  /// How many bytes of an incomplete last line `open` cut off.
  std::uint64_t torn_bytes() const;
  /// How many records the log has.
  std::uint64_t size() const;

 private:
  class State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mcpauth::audit
