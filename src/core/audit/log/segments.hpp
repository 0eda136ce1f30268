#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Owns a file descriptor. The file stays the same one even if it is renamed.
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

/// One file of a log. The records of a log are one sequence across all of its files.
struct Segment {
  std::filesystem::path path;
  /// `seq` of the first line; nothing if the file is empty or its first line is not a record.
  std::optional<std::uint64_t> first_seq;
  std::uint64_t bytes = 0;  ///< its size when it was listed; a live file may have grown since
  std::uint64_t inode = 0;
  /// The newest few segments of a log stay open, because a live log may rename them. Null for the
  /// others.
  std::shared_ptr<const OpenFile> file = {};
};

/// The name of a closed segment: FILE, a dot, and the `seq` of its first record in 12 digits.
std::filesystem::path closed_name(const std::filesystem::path& file, std::uint64_t first_seq);

/// Whether `rest`, which follows FILE in a name, is what rotation appends: a dot or a dash, then
/// digits that are a number or a time.
bool is_rotated_name(std::string_view rest);

/// The files that belong to a log: FILE.checkpoint (the last signed checkpoint), FILE.tree (the
/// hashes), FILE.lock (held by the writer), FILE.key (the signing key, if the log has its own) and
/// FILE.vkey (the public keys that verify its signatures).
inline constexpr std::array<std::string_view, 5> kBesideLog = {"checkpoint", "tree", "lock", "key",
                                                               "vkey"};

/// FILE.`what`.
std::filesystem::path beside(const std::filesystem::path& file, std::string_view what);

/// Reads one of these files: a regular file of at most 64 KiB. Never blocks, even on a FIFO.
Result<std::string> read_beside(const std::filesystem::path& path);

/// All files of the log whose active file is `file`: that file, and each regular file in its folder
/// that is named FILE.DIGITS or FILE-DIGITS (also dates, as in FILE-20270131-10:00:00) and begins
/// with a record. So files that logrotate renamed are found, and a copy named FILE.bak is not.
/// Sorted by their first `seq`; a file without one comes last. Empty if there is no file.
Result<std::vector<Segment>> find_segments(const std::filesystem::path& file);

/// The same for a log that may be rotated at this moment: lists until two listings agree.
Result<std::vector<Segment>> find_live_segments(const std::filesystem::path& file);

/// The given files, sorted by their first `seq`. A file that cannot be read is an error.
Result<std::vector<Segment>> segments_of(std::span<const std::filesystem::path> files);

/// "cannot read `path`: ...", with the text of `error`, an errno. Errc::not_found for ENOENT, else
/// Errc::io.
Error unreadable(const std::filesystem::path& path, int error);

}  // namespace mcpauth::audit
