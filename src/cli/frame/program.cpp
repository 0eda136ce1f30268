#include "cli/frame/program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/frame/child.hpp"

namespace mcpauth::cli {
namespace {

using std::chrono::milliseconds;

/// One end of a pipe.
class End {
 public:
  explicit End(int fd) : fd_(fd) {}
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() { close(); }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

Error failed(const std::string& program, const std::string& why) {
  return {.code = Errc::io, .message = "`" + program + "` " + why};
}

Error too_slow(const std::string& program) {
  return {.code = Errc::timeout, .message = "`" + program + "` takes too long"};
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
    if (got < 0) return failed(program, std::string("cannot be read: ") + std::strerror(errno));
    if (got == 0) return buffer.first(used);
    used += static_cast<std::size_t>(got);
  }
  return Error{.code = Errc::input,
               .message = "`" + program + "` prints more than " + std::to_string(limit) + " bytes"};
}

/// One quoted or bare stretch; `at` moves behind it. Nothing where a quote is not closed.
bool take_quoted(std::string_view command, std::size_t& at, std::string& word) {
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
  const Error open_end{
      .code = Errc::usage,
      .message = "a quote or backslash has no end in `" + std::string(command) + "`"};
  std::vector<std::string> words;
  bool in_word = false;
  for (std::size_t at = 0; at < command.size();) {
    const char c = command[at];
    if (c == ' ' || c == '\t') {
      in_word = false;
      ++at;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == '\'' || c == '"') {
      if (!take_quoted(command, at, words.back())) return open_end;
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
    return failed(program, std::string("cannot be run: ") + std::strerror(errno));
  }
  const End from(ends[0]);
  End into(ends[1]);
  TRY(const auto child, Child::start(words, into.get()));
  into.close();
  const auto deadline = Child::Timer::now() + timeout;
  TRY(auto output, read_output(*child, from.get(), program, deadline, limit));
  const auto ended = child->wait_until(deadline);  // it may have closed its stdout and go on
  if (!ended) return too_slow(program);
  const int status = *ended;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT && child->had_terminal()) {
    return Error{.code = Errc::interrupted, .message = "`" + program + "` was left"};
  }
  if (WIFSIGNALED(status)) {
    return failed(program, "was ended by signal " + std::to_string(WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) != 0) {
    return failed(program, "failed with exit status " + std::to_string(WEXITSTATUS(status)));
  }
  return output;
}

}  // namespace mcpauth::cli
