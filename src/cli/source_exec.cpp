#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include "cli/sources.hpp"

namespace mcpauth::cli {
namespace {

using std::chrono::milliseconds;
using Timer = std::chrono::steady_clock;

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

/// A running program; it is ended and waited for when it goes away.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  /// The status as `waitpid` gives it; nothing when it has not ended by then.
  std::optional<int> wait_until(Timer::time_point deadline) {
    int status = 0;
    while (true) {
      const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
      if (ended == pid_ || (ended < 0 && errno != EINTR)) break;
      if (Timer::now() >= deadline) return std::nullopt;
      std::this_thread::sleep_for(milliseconds(1));
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
};

Error failed(const std::string& program, const std::string& why) {
  return {.code = Errc::io, .message = "`" + program + "` " + why};
}

/// Its stdin is empty, its stderr is ours, and it gets SIGPIPE back, which we ignore.
int spawn(const std::vector<std::string>& words, int output, pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  ::posix_spawnattr_init(&attributes);
  sigset_t defaults;
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int error =
      ::posix_spawnp(&pid, words.front().c_str(), &files, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return error;
}

/// Waits until there is something to read; false when the time is over.
bool wait_readable(int fd, Timer::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Timer::now()).count();
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::clamp<long>(left, 0, 1 << 30)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

Error too_slow(const std::string& program) {
  return {.code = Errc::timeout, .message = "`" + program + "` takes too long"};
}

Result<Secret> read_output(int fd, const std::string& program, Timer::time_point deadline,
                           std::size_t limit) {
  Secret buffer(limit + 1);
  std::size_t used = 0;
  while (used <= limit) {
    if (!wait_readable(fd, deadline)) return too_slow(program);
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
  pid_t pid = -1;
  if (const int error = spawn(words, into.get(), pid); error != 0) {
    auto refusal = failed(program, std::string("cannot be run: ") + std::strerror(error));
    if (error == ENOENT) refusal.code = Errc::not_found;
    return refusal;
  }
  Child child(pid);
  into.close();
  const auto deadline = Timer::now() + timeout;
  TRY(auto output, read_output(from.get(), program, deadline, limit));
  const auto ended = child.wait_until(deadline);  // it may have closed its stdout and go on
  if (!ended) return too_slow(program);
  const int status = *ended;
  if (WIFSIGNALED(status)) {
    return failed(program, "was ended by signal " + std::to_string(WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) != 0) {
    return failed(program, "failed with exit status " + std::to_string(WEXITSTATUS(status)));
  }
  return output;
}

}  // namespace mcpauth::cli
