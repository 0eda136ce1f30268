#include "core/net/server.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>

#include "core/codec/format.hpp"
#include "core/net/loop.hpp"
#include "core/net/tls.hpp"

namespace mcpauth::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// The cores that this process may use. In a container, often fewer than the machine has.
unsigned usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

/// The limit, or as many as the process has descriptors for. Each loop uses four; others are
/// reserved for files, logs and our own requests.
std::size_t affordable(std::size_t connections, unsigned threads) {
  constexpr rlim_t kOthers = 32;
  const rlim_t reserve = kOthers + rlim_t{4} * threads;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return connections;
  const rlim_t left = limit.rlim_cur > reserve ? limit.rlim_cur - reserve : 1;
  return std::min<std::size_t>(connections, left);
}

class LoopServer final : public Server {
 public:
  explicit LoopServer(Handler& handler, Limits limits)
      : shared_{.handler = handler, .limits = limits} {}

  Result<void> listen(const ServerOptions& options);
  std::uint16_t port() const override { return port_; }
  void catch_signals() override;
  int run(bool signals, std::function<void()> on_hangup) override;
  void stop() override {
    for (auto& loop : loops_)
      loop->stop();
  }

 private:
  void await_signal();
  void take_signal(int signal);

  Shared shared_;
  std::vector<std::unique_ptr<Loop>> loops_;
  // The caller's thread handles only signals, so that a slow reload delays no request.
  asio::io_context control_{1};
  asio::signal_set signals_{control_};
  std::function<void()> on_hangup_;
  int ended_by_ = 0;
  std::uint16_t port_ = 0;
};

Result<void> LoopServer::listen(const ServerOptions& options) {
  error_code ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) {
    return Error{.code = Errc::usage,
                 .message = text::format("`{}` is not an IP address", options.address),
                 .hint = "write a literal address like 127.0.0.1 or ::1"};
  }
  if (options.tls) {
    TRY(shared_.tls, make_tls(*options.tls));
  }
  const unsigned threads = options.threads == 0 ? usable_cores() : options.threads;
  shared_.limits.connections = affordable(shared_.limits.connections, threads);
  asio::ip::tcp::endpoint endpoint(address, options.port);
  for (unsigned i = 0; i < threads; ++i) {
    auto& loop = *loops_.emplace_back(std::make_unique<Loop>(shared_));
    TRY_VOID(loop.listen(endpoint, i == 0 ? Loop::Port::mine : Loop::Port::shared));
    endpoint.port(loop.port());
    if (i == 0 && threads > 1) TRY_VOID(loop.share_port());
  }
  port_ = endpoint.port();
  return {};
}

void LoopServer::catch_signals() {
  error_code ignored;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    signals_.add(signal, ignored);
}

int LoopServer::run(bool signals, std::function<void()> on_hangup) {
  on_hangup_ = std::move(on_hangup);
  if (signals) {
    catch_signals();
    await_signal();
  }
  auto working = asio::make_work_guard(control_);
  std::atomic<std::size_t> running = loops_.size();
  std::vector<std::jthread> threads;
  threads.reserve(loops_.size());
  for (auto& loop : loops_) {
    threads.emplace_back([this, &running, &loop] {
      loop->run();
      if (--running == 0) control_.stop();
    });
  }
  control_.run();
  threads.clear();
  error_code ignored;
  signals_.clear(ignored);
  return ended_by_;
}

void LoopServer::await_signal() {
  signals_.async_wait([this](const error_code& ec, int signal) {
    if (ec) return;
    take_signal(signal);
    await_signal();
  });
}

void LoopServer::take_signal(int signal) {
  if (signal == SIGHUP) {
    if (on_hangup_) on_hangup_();
    return;
  }
  if (ended_by_ == 0) {
    ended_by_ = signal;
    stop();
    return;
  }
  for (auto& loop : loops_)
    loop->abort();
}

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // without it there are fewer connections
}

Result<std::unique_ptr<Server>> Server::open(ServerOptions options, Handler& handler) {
  auto server = std::make_unique<LoopServer>(handler, options.limits);
  TRY_VOID(server->listen(options));
  return server;
}

}  // namespace mcpauth::net
