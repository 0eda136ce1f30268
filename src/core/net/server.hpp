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
  std::string_view target;  ///< as sent: path and query
  std::string_view path;    ///< the target up to `?`
  std::string_view query;   ///< after `?`; empty when absent
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  std::string_view peer;  ///< address:port

  /// The first header of this name in any case; empty when absent.
  std::string_view header(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  /// Shared so that one document serves every request without a copy. Null: no body.
  std::shared_ptr<const std::string> body = {};
};

/// Turns a request into a response. Called from several threads at once. Never sees the socket;
/// HEAD, Date, Content-Length, keep-alive and the limits are the server's.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Response handle(const Request& request) = 0;
};

/// What one peer, and all together, may cost.
struct Limits {
  std::uint32_t header_bytes = 16 * 1024;
  std::uint64_t body_bytes = 64 * 1024;
  std::chrono::seconds header_time{10};  ///< from the first byte (or the connection) to the headers' end
  std::chrono::seconds body_time{20};
  std::chrono::seconds idle_time{60};    ///< between two requests
  std::chrono::seconds write_time{20};
  std::size_t connections = 4096;        ///< at once; the next ones are closed at once
  unsigned requests_per_connection = 10'000;
  std::chrono::seconds drain_time{5};    ///< for running requests at a stop
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

/// An HTTP/1.1 server: one loop a core, each with its own acceptor (SO_REUSEPORT).
class Server {
 public:
  /// Binds and listens; requests are answered from `run` on. `handler` must outlive the server.
  static Result<std::unique_ptr<Server>> open(ServerOptions options, Handler& handler);
  virtual ~Server() = default;

  /// The port it listens on, also when any was asked for.
  virtual std::uint16_t port() const = 0;
  /// Serves until `stop` or, when `signals` is set, until SIGINT or SIGTERM: the first drains, the
  /// second ends at once. SIGHUP calls `on_hangup`. Returns the signal that ended it, or 0.
  virtual int run(bool signals, std::function<void()> on_hangup = {}) = 0;
  /// Stops accepting and drains; from any thread.
  virtual void stop() = 0;
};

/// "127.0.0.1:8700", "[::1]:8700" or ":8700" (loopback) into address and port. Names are refused.
Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text);

}  // namespace mcpauth::net
