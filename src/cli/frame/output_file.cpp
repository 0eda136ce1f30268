#include "cli/frame/output_file.hpp"

#include <fcntl.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkostemp
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "core/codec/format.hpp"
#include "core/codec/number.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as many as Linux follows

/// N for /dev/fd/N.
std::optional<int> descriptor_named(const fs::path& path) {
  const std::string text = path.lexically_normal().string();
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (text.starts_with(folder)) return parse_number<int>(text.substr(folder.size()));
  }
  return std::nullopt;
}

struct LinkEnd {
  fs::path path;
  std::optional<int> descriptor = {};
};

/// Follows symbolic links. The end of them need not exist.
LinkEnd end_of_links(fs::path path) {
  for (int hops = 0; hops < kMostLinks; ++hops) {
    if (const auto named = descriptor_named(path)) return {std::move(path), named};
    std::error_code no_link;
    const auto next = fs::read_symlink(path, no_link);
    if (no_link) break;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  return {std::move(path)};
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

OutputFile::~OutputFile() {
  writer_.reset();  // writes what is left, so before the descriptor goes
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> OutputFile::check() {
  if (path_.empty()) return Error{.code = Errc::usage, .message = "the file to write has no name"};
  const auto end = end_of_links(path_);
  target_ = end.path;
  inherited_ = end.descriptor;
  struct stat info{};
  const bool exists = ::stat(path_.c_str(), &info) == 0;
  if (!exists && errno != ENOENT) return failure(errno);
  direct_ = inherited_.has_value() || (exists && !S_ISREG(info.st_mode));
  if (exists && S_ISDIR(info.st_mode)) return failure(EISDIR);
  const auto folder = folder_of(target_);
  if (!direct_ && ::stat(folder.c_str(), &info) != 0) {
    auto error = failure(errno);
    error.why = text::format("there is no directory `{}`", folder.string());
    return error;
  }
  if (exists && !direct_ && rule_.overwrite == Overwrite::no) {
    return Error{.code = Errc::exists,
                 .message = text::format("`{}` exists already", path_.string()),
                 .hint = "give another name, or --force to overwrite it"};
  }
  return {};
}

Result<void> OutputFile::open_directly() {
  fd_ = inherited_ ? ::fcntl(*inherited_, F_DUPFD_CLOEXEC, 0)
                   : ::open(target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd_ < 0) return failure(errno);
  if (rule_.terminal || ::isatty(fd_) != 1) return {};
  return Error{.code = Errc::usage, .message = text::format("`{}` is a terminal", path_.string())};
}

Result<void> OutputFile::open() {
  if (target_.empty()) TRY_VOID(check());
  if (direct_) return open_directly();
  temporary_ = target_.string() + std::string(kTemporaryMark) + "XXXXXX";
  fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (fd_ >= 0 && ::fchmod(fd_, rule_.mode) == 0) return {};
  const int error = errno;
  if (fd_ < 0) temporary_.clear();
  auto refusal = failure(error);
  if (error == EACCES)
    refusal.why = "it is replaced by a new file, which is made in the same directory";
  return refusal;
}

bool OutputFile::ready() {
  if (writer_ || failure_) return !failure_;
  auto opened = open();
  if (!opened) {
    failure_ = std::move(opened).error();
    return false;
  }
  writer_.emplace(fd_);
  return true;
}

std::streamsize OutputFile::xsputn(const char* text, std::streamsize size) {
  return ready() ? writer_->sputn(text, size) : 0;
}

OutputFile::int_type OutputFile::overflow(int_type next) {
  if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
  return ready() ? writer_->sputc(traits_type::to_char_type(next)) : traits_type::eof();
}

int OutputFile::sync() {
  if (writer_) return writer_->pubsync();
  return failure_ ? -1 : 0;
}

Error OutputFile::failure(int error) const {
  return {.code = Errc::io,
          .message = text::format("cannot write `{}`: {}", path_.string(), std::strerror(error))};
}

Result<void> OutputFile::commit() {
  if (failure_) return *failure_;
  if (!writer_) return {};
  if (OutputFile::sync() != 0) return failure(writer_->error());
  if (temporary_.empty()) return {};  // written to directly, or in place already
  if (::fsync(fd_) != 0) return failure(errno);
  return put_in_place(std::exchange(temporary_, {}), target_, rule_.overwrite);
}

Result<void> commit_output(std::ostream& out) {
  auto* const file = dynamic_cast<OutputFile*>(out.rdbuf());
  return file == nullptr ? Result<void>() : file->commit();
}

Result<void> write_output(std::string_view text, const std::string& file, OutputRule rule) {
  OutputFile output(file, rule);
  TRY_VOID(output.check());
  std::ostream(&output) << text << std::flush;
  return output.commit();
}

std::string output_name(std::string_view given) {
  const bool is_stdout = given != "-" && end_of_links(given).descriptor == STDOUT_FILENO;
  return is_stdout ? "-" : std::string(given);
}

}  // namespace mcpauth::cli
