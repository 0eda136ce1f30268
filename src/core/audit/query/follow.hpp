#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/audit/log/segments.hpp"
#include "core/audit/query/growing_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// What a log that is followed has to say.
struct News {
  enum class Kind {
    line,        ///< a whole line of it
    unfinished,  ///< what stands without a newline at the end of a file that was closed
    truncated,   ///< the file was cut off; it is read again from its start
    moved_on,    ///< the file was read to its end and is closed; what follows is of `file`
    waiting,     ///< there is no such file yet; said once
  };
  Kind kind = Kind::line;
  std::string_view text = {};                   ///< without its newline; good until the next call
  const std::filesystem::path* file = nullptr;  ///< which it stands in
  std::uint64_t offset = 0;                     ///< where in that file
};

/// From where a log is followed: byte `offset`, which starts a line, of its segment that begins
/// with `first_seq`; nothing where that has no record yet.
struct Since {
  std::optional<std::uint64_t> first_seq = {};
  std::uint64_t offset = 0;
};

/// Follows one log as it grows: by name, over renamed files (the old one is read to its end first),
/// over segments that come and are closed meanwhile, and over truncation. It never waits: whoever
/// asks waits, and so can stop at once. Its memory does not grow with the log.
class Follower {
 public:
  /// The whole log, or what comes behind `since`. `file` need not be there.
  explicit Follower(std::filesystem::path file, std::optional<Since> since = {})
      : name_(std::move(file)), since_(since) {}

  /// The next news; nothing when there is none now. An error is final.
  Result<std::optional<News>> next();

 private:
  Result<bool> find_start();
  Result<std::optional<GrowingFile>> open_numbered() const;
  Result<std::optional<GrowingFile>> open_unnumbered() const;
  Result<bool> find_next();
  Result<bool> failed(Error error);
  News news(News::Kind kind, std::string_view text = {}) const;

  std::filesystem::path name_;
  std::optional<Since> since_;
  std::optional<GrowingFile> current_;
  std::optional<GrowingFile> after_;       ///< what is read once `current_` is at its end for good
  std::optional<std::uint64_t> last_seq_;  ///< of the record that was given last
  bool said_waiting_ = false;
  bool gave_unfinished_ = false;
  unsigned failures_ = 0;  ///< in a row
};

}  // namespace mcpauth::audit::query
