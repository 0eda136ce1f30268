#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::audit {

/// A file that stays open: renamed meanwhile, it is still the one that was looked at.
class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();

  int fd() const { return fd_; }

 private:
  int fd_;
};

/// One file of a log. A log is one sequence of records over all of its files.
struct Segment {
  std::filesystem::path path;
  /// `seq` of its first line; nothing where the file is empty or its first line is no record.
  std::optional<std::uint64_t> first_seq;
  std::uint64_t bytes = 0;  ///< when it was looked at; a live file may have grown since
  std::uint64_t inode = 0;
  /// The newest few of a log are kept open from then on: a live log renames them. Null for others.
  std::shared_ptr<const OpenFile> file = {};
};

/// The name that a segment gets when it is closed: FILE and a dot and its first `seq` in 12 digits.
std::filesystem::path closed_name(const std::filesystem::path& file, std::uint64_t first_seq);

/// Whether what stands behind FILE in a name is what rotation puts there: digits, as a number or a
/// time, behind a dot or a dash.
bool is_rotated_name(std::string_view rest);

/// What stands beside a log: FILE.checkpoint (the last signed checkpoint), FILE.tree (the hashes),
/// FILE.lock (who writes), FILE.key and FILE.vkey (the signing key that was made for it, and what
/// verifies its signatures).
std::filesystem::path beside(const std::filesystem::path& file, std::string_view what);

/// What stands beside a log, as a whole: a regular file of at most 64 KiB. Never waits, whatever
/// somebody put there.
Result<std::string> read_beside(const std::filesystem::path& path);

/// All files of the log whose active file is `file`: that one, and each regular file beside it that
/// is called FILE.DIGITS or FILE-DIGITS (dates too, as in FILE-20270131-10:00:00) and begins with a
/// record, so what logrotate renames is found too, and what somebody saved as FILE.bak is not. In
/// the order of their first `seq`; one without comes last. Empty when there is none.
Result<std::vector<Segment>> find_segments(const std::filesystem::path& file);

/// The same of a log that may be rotated meanwhile: listed until two listings agree.
Result<std::vector<Segment>> find_live_segments(const std::filesystem::path& file);

/// These files, in the order of their first `seq`. One that cannot be read is an error.
Result<std::vector<Segment>> segments_of(std::span<const std::filesystem::path> files);

}  // namespace mcpauth::audit
