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

/// A program in a process group of its own, so that all it started can be ended with it: the
/// destructor kills the whole group if the program still runs. Ctrl-C at the terminal does not
/// reach such a group. So SIGINT, SIGTERM, SIGHUP and SIGQUIT that are sent to us are passed on to
/// it, and then take their usual effect on us. When the program wants the terminal, for example to
/// ask for a passphrase, it gets ours for as long as it runs. For use by one thread.
class Child {
 public:
  using Timer = std::chrono::steady_clock;

  /// Starts it without a shell: its stdin is empty, its stdout is `output`, its stderr ours.
  /// Errc::not_found when there is no program of that name.
  static Result<std::unique_ptr<Child>> start(const std::vector<std::string>& words, int output);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /// Waits until `fd` can be read; false at the deadline.
  bool wait_readable(int fd, Timer::time_point deadline);
  /// The status in the form of `waitpid`; nothing when the program still runs at the deadline.
  std::optional<int> wait_until(Timer::time_point deadline);
  /// Whether the program had the terminal. A Ctrl-C then went to it and not to us.
  bool had_terminal() const { return terminal_ >= 0; }

 private:
  Child();
  void attend();
  void hand_on_signals();
  void lend_terminal();

  pid_t pid_ = -1;      ///< of the program and its group; -1 when it does not run
  sigset_t mask_{};     ///< the signal mask from before
  int signals_ = -1;    ///< where signals sent to us are read
  int terminal_ = -1;   ///< given to the program; -1 when it never asked
  termios settings_{};  ///< of the terminal, from before
};

}  // namespace mcpauth::cli
