#pragma once

#include <sys/types.h>
#include <termios.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::cli {

/// A program in a process group of its own, so that what it started can be ended with it: the whole
/// group is killed when this goes away before the program has ended. Ctrl-C at the terminal does
/// not reach such a group by itself: SIGINT, SIGTERM, SIGHUP and SIGQUIT that come for us are
/// handed on to it, and then do to us what they would have done. When it wants the terminal, as to
/// ask for a passphrase, it is lent ours. For one thread.
class Child {
 public:
  using Timer = std::chrono::steady_clock;

  /// Starts it without a shell: its stdin is empty, its stdout is `output`, its stderr ours.
  /// Errc::not_found where there is no such program.
  static Result<std::unique_ptr<Child>> start(const std::vector<std::string>& words, int output);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /// Waits until `fd` can be read; false when the time is over.
  bool wait_readable(int fd, Timer::time_point deadline);
  /// The status as `waitpid` gives it; nothing when it has not ended by then.
  std::optional<int> wait_until(Timer::time_point deadline);
  /// Whether it was lent the terminal: a Ctrl-C then went to it and not to us.
  bool had_terminal() const { return terminal_ >= 0; }

 private:
  Child();
  void attend();
  void hand_on_signals();
  void lend_terminal();

  pid_t pid_ = -1;      ///< of the program and of its group; -1: it is not running
  sigset_t mask_{};     ///< of signals, as it was before
  int signals_ = -1;    ///< where those that come for us are read
  int terminal_ = -1;   ///< lent
  termios settings_{};  ///< of the terminal, before it was lent
};

}  // namespace mcpauth::cli
