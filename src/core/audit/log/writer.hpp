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

/// What an acknowledged record has survived.
enum class Durability {
  each,   ///< a crash of the machine: each record is written and synced by itself
  group,  ///< the same; records that come at the same time share one write and one sync
  os,     ///< a crash of the process only: the system writes it when it likes
};

struct WriterOptions {
  std::filesystem::path file;
  std::vector<NoteSigner> signers =
      {};  ///< at least one (log_signers); each signs every checkpoint
  Durability durability = Durability::group;
  std::uint64_t rotate_bytes = 0;        ///< a segment is closed when it is as long; 0: never
  std::chrono::seconds rotate_every{0};  ///< ... or as old; 0: never
  std::chrono::seconds checkpoint_every{10};
  std::chrono::milliseconds patience{5000};  ///< how long `open` waits for another writer
};

/// The one writer of a log. Holds its lock from `open` to its end. Every failure has the reason
/// kAuditUnavailable, and then nothing was recorded: what was written of it is taken back.
///
/// A record is acknowledged once it is as safe as `durability` says. Checkpoints are signed when
/// one is due, before a segment is closed and at the end; only what is on disk is signed.
class Writer {
 public:
  /// Opens or makes the log (0600). Only a regular file is taken, of this user or root, that nobody
  /// else can write. See `recover` for what is refused.
  static Result<Writer> open(WriterOptions options, Instant now);

  Writer(Writer&& other) noexcept;
  Writer& operator=(Writer&&) = delete;
  /// Signs a checkpoint of all records. `close` does the same and says whether it worked.
  ~Writer();

  /// Returns the record's `seq` once it is acknowledged. From any number of threads at once.
  Result<std::uint64_t> append(const Record& record, Instant ts);

  /// The same for several at once, with one write; the `seq` of the first of them.
  Result<std::uint64_t> append_all(std::span<const Record> records, Instant ts);

  /// Runs something that may replace files of the log, lines for lines, while nobody appends, and
  /// goes on in what is then the active file.
  Result<void> rewrite(const std::function<Result<void>()>& replace);

  /// Signs a checkpoint of all records so far and puts it in place of FILE.checkpoint.
  Result<void> seal(Instant now);
  /// The same when one is due, and rotation by age; for a timer.
  Result<void> tick(Instant now);
  /// After the file was renamed from outside (SIGHUP): seals, and goes on in a new file of the
  /// name. Appending notices a rename by itself.
  Result<void> reopen(Instant now);
  Result<void> close(Instant now);

  /// What signs its checkpoints, and its name.
  const NoteSigner& signer() const;
  /// How many bytes of a torn last line `open` cut off.
  std::uint64_t torn_bytes() const;
  /// How many records the log has.
  std::uint64_t size() const;

 private:
  class State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mcpauth::audit
