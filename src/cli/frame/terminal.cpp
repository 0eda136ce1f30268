#include "cli/frame/terminal.hpp"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigprocmask
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/codec/format.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kLongestAnswer = 4096;

/// The terminal with echo off. Ctrl-C waits until it is on again, or the shell would stay without
/// echo.
class QuietTerminal {
 public:
  explicit QuietTerminal(int fd) : fd_(fd) {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
      ::sigaddset(&held, signal);
    ::sigprocmask(SIG_BLOCK, &held, &signals_);
    ::tcgetattr(fd_, &before_);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    // Without ISIG, Ctrl-C arrives as a character and ends the question.
    quiet.c_lflag &= ~static_cast<tcflag_t>(ISIG);
    quiet.c_cc[VEOL] = 3;
    ::tcsetattr(fd_, TCSAFLUSH, &quiet);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    ::tcsetattr(fd_, TCSAFLUSH, &before_);
    ::sigprocmask(SIG_SETMASK, &signals_, nullptr);
  }

 private:
  int fd_;
  termios before_{};
  sigset_t signals_{};
};

Error nobody_to_ask(std::string_view prompt, std::string why) {
  return {.code = Errc::needs_person,
          .message = text::format("cannot ask for the {}", prompt),
          .hint = "give it as a reference to a file, env:NAME, fd:N or exec:COMMAND",
          .why = std::move(why)};
}

Result<Secret> read_line(int fd) {
  Secret line(kLongestAnswer);
  std::size_t used = 0;
  while (used < line.size()) {
    const ssize_t got = ::read(fd, line.writable().data() + used, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Error{.code = Errc::needs_person, .message = "nothing was typed"};
    const auto typed = line.reveal()[used];
    if (typed == 3)
      return Error{.code = Errc::interrupted, .message = "the question was interrupted"};
    if (typed == '\n') return line.first(used);
    ++used;
  }
  return Error{.code = Errc::input, .message = "what was typed is too long"};
}

}  // namespace

Result<Secret> ask(std::string_view prompt, Env& env) {
  if (env.globals.no_input) return nobody_to_ask(prompt, "--no-input forbids questions");
  if (!env.err_is_terminal) return nobody_to_ask(prompt, "stderr is not a terminal");
  // The terminal itself, since stdin may carry the data.
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return nobody_to_ask(prompt, "there is no terminal");
  const std::string question = text::format("{}: ", prompt);
  const bool asked =
      ::write(fd, question.data(), question.size()) == static_cast<ssize_t>(question.size());
  auto answer = asked ? [fd] {
    const QuietTerminal quiet(fd);
    return read_line(fd);
  }()
                      : Result<Secret>(nobody_to_ask(prompt, "the terminal cannot be written to"));
  ::close(fd);
  if (answer && answer->empty()) {
    return Error{.code = Errc::needs_person, .message = "nothing was typed"};
  }
  return answer;
}

Result<Secret> ask_new(std::string_view prompt, Env& env) {
  TRY(auto first, ask(prompt, env));
  TRY(const auto second, ask(text::format("{} again", prompt), env));
  if (std::ranges::equal(first.reveal(), second.reveal())) return first;
  return Error{.code = Errc::usage, .message = "the two answers differ"};
}

}  // namespace mcpauth::cli
