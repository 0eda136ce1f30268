#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::net {

/// A request as a handler sees it. Views live as long as the call.
struct Request {
  std::string_view method;
  std::string_view target;  ///< path and query, also when the request had a whole URL
  std::string_view path;    ///< the target up to `?`
  std::string_view query;   ///< after `?`; empty when absent
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  std::string_view peer;  ///< address:port

  /// The first header of this name in any case; empty when absent.
  std::string_view header(std::string_view name) const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Header lines in the form in which they are sent, for a response that is sent often. A name or
/// value that does not fit a header line is a bug and ends the process.
std::shared_ptr<const std::string> header_lines(const Headers& headers);

struct Response {
  unsigned status = 200;
  Headers headers = {};
  /// Sent before `headers`, without another check.
  std::shared_ptr<const std::string> lines = {};
  /// Shared so that one document serves every request without a copy. Null: an empty body.
  std::shared_ptr<const std::string> body = {};
};

/// Turns a request into a response. Called from several threads at once. Never sees the socket: the
/// server handles HEAD, Date, Content-Length, keep-alive and the limits. A response that sets one
/// of those headers, or has a control character in a header, becomes a 500. So does an exception.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Response handle(const Request& request) = 0;
};

/// The limits for one peer, and for all together.
struct Limits {
  std::uint32_t header_bytes = 16 * 1024;
  std::uint64_t body_bytes = 64 * 1024;
  /// From the first byte to the end of the headers. For the first request of a connection, from the
  /// start of the connection.
  std::chrono::milliseconds header_time{10'000};
  std::chrono::milliseconds body_time{20'000};
  std::chrono::milliseconds idle_time{60'000};  ///< between two requests
  std::chrono::milliseconds write_time{20'000};
  /// Connections at the same time; fewer when the process has too few descriptors. When they are
  /// all in use, a new connection replaces the one that has kept us waiting longest. When all are
  /// being answered, the new one is closed.
  std::size_t connections = 4096;
  unsigned requests_per_connection = 10'000;
  std::chrono::milliseconds drain_time{5'000};  ///< for running requests at a stop
};

struct Tls {
  std::string certificate_file;  ///< PEM chain
  std::string key_file;          ///< PEM, not readable by others
};

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< IP literal
  std::uint16_t port = 0;             ///< 0: any free one
  unsigned threads = 0;               ///< loops; 0: one per core
  Limits limits = {};
  std::unique_ptr<Tls> tls = {};
};

/// An HTTP/1.1 server with one loop per core, each with its own acceptor (SO_REUSEPORT). Refuses a
/// port that is already in use, also by another server of ours.
class Server {
 public:
  /// Binds and listens. Requests are answered once `run` is called. `handler` must outlive the
  /// server.
  static Result<std::unique_ptr<Server>> open(ServerOptions options, Handler& handler);
  virtual ~Server() = default;

  /// The port that it listens on, also when the options asked for any free one.
  virtual std::uint16_t port() const = 0;
  /// From now on SIGINT, SIGTERM and SIGHUP wait for `run`. Call this before announcing the server,
  /// because a signal may come right after.
  virtual void catch_signals() = 0;
  /// Serves until `stop` or, when `signals` is set, until SIGINT or SIGTERM. The first such signal
  /// drains, the second ends at once. SIGHUP calls `on_hangup` on this thread, never on a loop.
  /// Returns the signal that ended it, or 0. Call it once.
  virtual int run(bool signals, std::function<void()> on_hangup = {}) = 0;
  /// Stops accepting and drains; from any thread.
  virtual void stop() = 0;
};

/// Raises the limit of open descriptors as far as it goes: the soft limit becomes the hard one.
void raise_descriptor_limit();

/// Splits "127.0.0.1:8700", "[::1]:8700" or ":8700" (loopback) into address and port. Names are
/// refused. In listen.cpp.
Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text);

}  // namespace mcpauth::net
