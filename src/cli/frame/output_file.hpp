#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <streambuf>
#include <string>
#include <string_view>

#include "cli/frame/streams.hpp"
#include "core/base/file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::cli {

/// What a file of -o may be.
struct OutputRule {
  Overwrite overwrite = Overwrite::yes;
  mode_t mode = 0600;
  bool terminal = true;  ///< whether it may be shown on a terminal
};

/// The file of -o, the same for every command. A regular file is replaced whole: a temporary beside
/// it from the first byte on, in place after `commit`, gone without. A symbolic link stays, and
/// what it leads to is replaced. What is no regular file (a terminal, /dev/null, a pipe) is written
/// to directly, and /dev/fd/N is the descriptor itself, so that `>>` appends. A directory and a
/// path below a missing one are Errc::io.
class OutputFile final : public std::streambuf {
 public:
  explicit OutputFile(std::filesystem::path path, OutputRule rule = {})
      : path_(std::move(path)), rule_(rule) {}
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() override;

  /// Says what can be known to be wrong before there is anything to write, and touches nothing.
  Result<void> check();
  /// Makes the file appear whole, once. Without a byte written there is nothing to do.
  Result<void> commit();

 private:
  int_type overflow(int_type next) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;
  bool ready();
  Result<void> open();
  Result<void> open_directly();
  Error failure(int error) const;

  const std::filesystem::path path_;  ///< as given
  const OutputRule rule_;
  std::filesystem::path target_;  ///< where its links end; empty: not looked at yet
  std::optional<int> inherited_;  ///< the descriptor that it names
  bool direct_ = false;
  std::string temporary_;  ///< empty: written to directly, or in place
  int fd_ = -1;
  std::optional<Error> failure_;    ///< why it could not be opened
  std::optional<FdWriter> writer_;  ///< once it is open
};

/// Makes the file that `out` writes to appear now, where it is one of -o: for who goes on running.
Result<void> commit_output(std::ostream& out);

/// Writes all of it at once.
Result<void> write_output(std::string_view text, const std::string& file, OutputRule rule);

/// A name given to -o: "-" for all that is stdout under another name (/dev/stdout, /dev/fd/1).
std::string output_name(std::string_view given);

}  // namespace mcpauth::cli
