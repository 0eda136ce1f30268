#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/clock.hpp"
#include "core/net/server.hpp"

namespace mcpauth::net {

using Deadline = std::chrono::steady_clock::time_point;

/// What all loops of one server have in common.
struct Shared {
  Handler& handler;
  Limits limits;
  std::unique_ptr<boost::asio::ssl::context> tls = {};
  std::atomic<std::size_t> connections = 0;
};

/// What a loop knows of a connection: enough to end it in time.
class Connection {
 public:
  /// A wait for the peer.
  struct Wait {
    bool answered = false;  ///< nothing is owed: between two requests, or after the last one
    Deadline since{};
  };

  virtual ~Connection() = default;
  virtual Deadline deadline() const = 0;
  /// Whether it waits for a request of which nothing has come yet.
  virtual bool idle() const = 0;
  /// Nothing while a response is on its way, and once it was told to end.
  virtual std::optional<Wait> wait() const = 0;
  /// The deadline has passed: what is under way ends, a refusal may still be sent.
  virtual void expire() = 0;
  /// Ends at once.
  virtual void abort() = 0;
};

/// One thread's share of a server: an acceptor and the connections that came by it. Everything but
/// `stop` and `abort` is for its own thread.
class Loop {
 public:
  explicit Loop(Shared& shared);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  enum class Port { mine, shared };
  /// Binds and listens. Port::mine refuses a port on which anybody listens; with Port::shared a
  /// port that an earlier loop of ours has taken with `share_port` is joined.
  Result<void> listen(const boost::asio::ip::tcp::endpoint& endpoint, Port port);
  /// Lets other loops of this process join.
  Result<void> share_port();
  std::uint16_t port() const;

  /// Serves until stopped and drained.
  void run();
  /// From any thread: no new connections, the running requests have `drain_time`.
  void stop();
  /// From any thread: all ends now.
  void abort();

  /// A connection is in the list from its first to its last moment.
  std::list<Connection*>::iterator enter(Connection& connection);
  void leave(std::list<Connection*>::iterator place);

  Shared& shared() { return shared_; }
  bool draining() const { return draining_; }
  /// The Date header line of this second.
  std::string_view date();

 private:
  boost::asio::awaitable<void> accept();
  void admit(boost::asio::ip::tcp::socket socket, const boost::asio::ip::tcp::endpoint& peer);
  bool make_way();
  void watch();
  void sweep();
  void drain();

  Shared& shared_;
  // Before the context: connections leave the list when it drops their coroutines.
  std::list<Connection*> connections_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  boost::asio::steady_timer tick_;
  bool watching_ = false;
  bool draining_ = false;
  Deadline drained_by_{};
  SystemClock clock_;
  Instant date_of_{};
  std::string date_;
};

}  // namespace mcpauth::net
