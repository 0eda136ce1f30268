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

/// What may be written to, and how.
struct OutputRule {
  Overwrite overwrite = Overwrite::yes;
  mode_t mode = 0600;
  bool terminal = true;  ///< whether the file may be a terminal
};

/// The file of -o, the same for every command. A regular file is replaced whole: the first byte
/// opens a temporary file beside it, `commit` renames that into place, and without `commit` it is
/// removed. A symbolic link stays, and its target is replaced. A terminal, /dev/null or a pipe is
/// written to directly. /dev/fd/N is the descriptor itself, so that `>>` appends. A directory, and
/// a path below a missing directory, are Errc::io.
class OutputFile final : public std::streambuf {
 public:
  explicit OutputFile(std::filesystem::path path, OutputRule rule = {})
      : path_(std::move(path)), rule_(rule) {}
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() override;

  /// Finds what is wrong before there is anything to write. Changes nothing.
  Result<void> check();
  /// Makes the file appear, once. Does nothing if no byte was written.
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
  std::filesystem::path target_;  ///< the end of its links; empty before `check`
  std::optional<int> inherited_;  ///< the descriptor that /dev/fd/N names
  bool direct_ = false;
  std::string temporary_;  ///< empty when written to directly, and after `commit`
  int fd_ = -1;
  std::optional<Error> failure_;    ///< why it could not be opened
  std::optional<FdWriter> writer_;  ///< once it is open
};

/// If `out` writes to a file of -o, makes that appear now. For servers, which go on running.
Result<void> commit_output(std::ostream& out);

/// Writes the whole text.
Result<void> write_output(std::string_view text, const std::string& file, OutputRule rule);

/// The value of -o with every name of stdout (/dev/stdout, /dev/fd/1) as "-".
std::string output_name(std::string_view given);

}  // namespace mcpauth::cli
