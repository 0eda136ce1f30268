#include "cli/frame/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): pthread_sigmask, kill
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "core/codec/format.hpp"

namespace mcpauth::cli {
namespace {

using std::chrono::milliseconds;

/// How long it may take us to notice that the program wants the terminal.
constexpr milliseconds kSlice{20};

sigset_t only(int signal) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  return set;
}

/// The signals that end a program, without those that we ignore, as under nohup.
sigset_t ending_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction now{};
    ::sigaction(signal, nullptr, &now);
    if (now.sa_handler != SIG_IGN) ::sigaddset(&set, signal);
  }
  return set;
}

/// Gives the terminal to a process group. The kernel stops a process that tries this from the
/// background, unless SIGTTOU is blocked.
bool give(int terminal, pid_t group) {
  const sigset_t stop = only(SIGTTOU);
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &stop, &before);
  const bool given = ::tcsetpgrp(terminal, group) == 0;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return given;
}

/// Starts the program in a process group of its own, with the signal mask from before we blocked
/// signals. Returns an errno.
int spawn(const std::vector<std::string>& words, int output, const sigset_t& mask, pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  ::posix_spawnattr_init(&attributes);
  const sigset_t defaults = only(SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setsigmask(&attributes, &mask);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

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

}  // namespace

Child::Child() {
  const sigset_t ending = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &ending, &mask_);
  signals_ = ::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
}

Result<std::unique_ptr<Child>> Child::start(const std::vector<std::string>& words, int output) {
  std::unique_ptr<Child> child(new Child);
  if (const int error = spawn(words, output, child->mask_, child->pid_); error != 0) {
    child->pid_ = -1;
    return Error{
        .code = error == ENOENT ? Errc::not_found : Errc::io,
        .message = text::format("`{}` cannot be run: {}", words.front(), std::strerror(error))};
  }
  return child;
}

Child::~Child() {
  if (pid_ > 0 && ::kill(-pid_, SIGKILL) == 0) {
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (terminal_ >= 0) {
    give(terminal_, ::getpgrp());
    ::tcsetattr(terminal_, TCSADRAIN, &settings_);  // it may have ended with echo off
    ::close(terminal_);
  }
  if (signals_ >= 0) ::close(signals_);
  ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);  // signals that we did not read act now
}

void Child::hand_on_signals() {
  signalfd_siginfo got{};
  while (::read(signals_, &got, sizeof got) == static_cast<ssize_t>(sizeof got)) {
    const int signal = static_cast<int>(got.ssi_signo);
    ::kill(-pid_, signal);
    const sigset_t set = only(signal);
    ::raise(signal);
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);  // usually this ends us
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  }
}

void Child::lend_terminal() {
  siginfo_t change{};
  const bool stopped = ::waitid(P_PID, static_cast<id_t>(pid_), &change, WSTOPPED | WNOHANG) == 0 &&
                       change.si_pid == pid_;
  if (!stopped) return;
  const bool wants = change.si_status == SIGTTIN || change.si_status == SIGTTOU;
  if (terminal_ < 0 && wants) {
    const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    const bool is_ours = fd >= 0 && ::tcgetpgrp(fd) == ::getpgrp();
    if (is_ours && ::tcgetattr(fd, &settings_) == 0 && give(fd, pid_)) {
      terminal_ = fd;
    } else if (fd >= 0) {
      ::close(fd);
    }
  }
  // After Ctrl-Z the program and we would otherwise wait for each other.
  const bool left = change.si_status == SIGTSTP;
  if (terminal_ >= 0 && (wants || left)) ::kill(-pid_, SIGCONT);
}

void Child::attend() {
  hand_on_signals();
  lend_terminal();
}

bool Child::wait_readable(int fd, Timer::time_point deadline) {
  while (true) {
    attend();
    const auto left = std::chrono::ceil<milliseconds>(deadline - Timer::now());
    const auto slice = std::clamp(left, milliseconds(0), kSlice).count();
    std::array<pollfd, 2> wanted{{{.fd = fd, .events = POLLIN, .revents = 0},
                                  {.fd = signals_, .events = POLLIN, .revents = 0}}};
    const int ready = ::poll(wanted.data(), wanted.size(), static_cast<int>(slice));
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && wanted.front().revents != 0) return true;
    if (ready == 0 && slice == 0) return false;
  }
}

std::optional<int> Child::wait_until(Timer::time_point deadline) {
  int status = 0;
  while (true) {
    attend();
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_ || (ended < 0 && errno != EINTR)) break;
    if (Timer::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(milliseconds(1));
  }
  pid_ = -1;
  return status;
}

}  // namespace mcpauth::cli
