#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/base/clock.hpp"
#include "core/net/server.hpp"

namespace mcpauth::net {

using Deadline = std::chrono::steady_clock::time_point;

/// For every awaited operation: errors come back as values, never as exceptions.
inline constexpr auto kNoThrow = boost::asio::as_tuple(boost::asio::use_awaitable);

/// What the loops of one server share.
struct Shared {
  Handler& handler;
  Limits limits;
  std::unique_ptr<boost::asio::ssl::context> tls = {};
  std::atomic<std::size_t> connections = 0;
};

/// The part of a connection that a loop needs to end it in time.
class Connection {
 public:
  /// A wait for the peer.
  struct Wait {
    bool answered = false;  ///< no request is open: between two requests, or after the last one
    Deadline since{};
  };

  virtual ~Connection() = default;
  virtual Deadline deadline() const = 0;
  /// Whether it waits for a request of which no byte has arrived.
  virtual bool idle() const = 0;
  /// Nothing while a response is being sent, and after expire() or abort().
  virtual std::optional<Wait> wait() const = 0;
  /// Called when the deadline has passed. Ends the current phase; a refusal may still be sent.
  virtual void expire() = 0;
  /// Ends at once.
  virtual void abort() = 0;
};

/// One thread's share of a server: an acceptor and its connections. Only `stop` and `abort` may be
/// called from another thread.
class Loop {
 public:
  explicit Loop(Shared& shared);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  enum class Port { mine, shared };
  /// Binds and listens. Port::mine refuses a port that is in use. Port::shared joins a port that an
  /// earlier loop of ours has taken with `share_port`.
  Result<void> listen(const boost::asio::ip::tcp::endpoint& endpoint, Port port);
  /// Lets other loops of this process join.
  Result<void> share_port();
  std::uint16_t port() const;

  /// Serves until stopped and drained.
  void run();
  /// From any thread: takes no new connections and gives running requests `drain_time` to finish.
  void stop();
  /// From any thread: closes every connection now.
  void abort();

  /// Every connection is in the list for its whole life.
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
  // Declared before the context: connections leave the list when it drops their coroutines.
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
