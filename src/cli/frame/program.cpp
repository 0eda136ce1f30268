#include "cli/frame/program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/frame/child.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::cli {
namespace {

using std::chrono::milliseconds;

/// One end of a pipe.
class PipeEnd {
 public:
  explicit PipeEnd(int fd) : fd_(fd) {}
  PipeEnd(const PipeEnd&) = delete;
  PipeEnd& operator=(const PipeEnd&) = delete;
  ~PipeEnd() { close(); }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

Error failed(std::string_view program, std::string_view why) {
  return {.code = Errc::io, .message = text::format("`{}` {}", program, why)};
}

Error too_slow(std::string_view program) {
  return {.code = Errc::timeout, .message = text::format("`{}` takes too long", program)};
}

Result<Secret> read_output(Child& child, int fd, const std::string& program,
                           Child::Timer::time_point deadline, std::size_t limit) {
  Secret buffer(limit + 1);
  std::size_t used = 0;
  while (used <= limit) {
    if (!child.wait_readable(fd, deadline)) return too_slow(program);
    const auto room = buffer.writable().subspan(used);
    const ssize_t got = ::read(fd, room.data(), room.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(program, text::format("cannot be read: {}", std::strerror(errno)));
    if (got == 0) return buffer.first(used);
    used += static_cast<std::size_t>(got);
  }
  return Error{.code = Errc::input,
               .message = text::format("`{}` prints more than {} bytes", program, limit)};
}

/// Adds what is between the quotes at `at` to the word and moves `at` past them. False when the
/// quote is not closed.
bool parse_quoted(std::string_view command, std::size_t& at, std::string& word) {
  const char quote = command[at++];
  for (; at < command.size(); ++at) {
    if (command[at] == quote) return ++at, true;
    if (quote == '"' && command[at] == '\\' && at + 1 < command.size()) ++at;
    word += command[at];
  }
  return false;
}

}  // namespace

Result<std::vector<std::string>> split_command(std::string_view command) {
  const Error open_end{.code = Errc::usage,
                       .message = text::format("a quote or backslash has no end in `{}`", command)};
  std::vector<std::string> words;
  bool in_word = false;
  for (std::size_t at = 0; at < command.size();) {
    const char c = command[at];
    if (text::is_blank(c)) {
      in_word = false;
      ++at;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == '\'' || c == '"') {
      if (!parse_quoted(command, at, words.back())) return open_end;
      continue;
    }
    if (c == '\\' && ++at == command.size()) return open_end;
    words.back() += command[at++];
  }
  if (words.empty()) return Error{.code = Errc::usage, .message = "`exec:` names no program"};
  return words;
}

Result<Secret> run_program(const std::vector<std::string>& words, milliseconds timeout,
                           std::size_t limit) {
  const auto& program = words.front();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return failed(program, text::format("cannot be run: {}", std::strerror(errno)));
  }
  const PipeEnd from(ends[0]);
  PipeEnd into(ends[1]);
  TRY(const auto child, Child::start(words, into.get()));
  into.close();
  const auto deadline = Child::Timer::now() + timeout;
  TRY(auto output, read_output(*child, from.get(), program, deadline, limit));
  const auto ended = child->wait_until(deadline);  // it may have closed its stdout and still run
  if (!ended) return too_slow(program);
  const int status = *ended;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT && child->had_terminal()) {
    return Error{.code = Errc::interrupted,
                 .message = text::format("`{}` was interrupted", program)};
  }
  if (WIFSIGNALED(status)) {
    return failed(program, text::format("was ended by signal {}", WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) != 0) {
    return failed(program, text::format("failed with exit status {}", WEXITSTATUS(status)));
  }
  return output;
}

}  // namespace mcpauth::cli
