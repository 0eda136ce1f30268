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

/// Whether two names are one as HTTP compares them: ASCII letters in any case.
bool same_name(std::string_view a, std::string_view b);

/// A request as a handler sees it. Views live as long as the call.
struct Request {
  std::string_view method;
  std::string_view target;  ///< path and query; of a URL too
  std::string_view path;    ///< the target up to `?`
  std::string_view query;   ///< after `?`; empty when absent
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  std::string_view peer;  ///< address:port

  /// The first header of this name in any case; empty when absent.
  std::string_view header(std::string_view name) const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Header lines in the form in which they are sent, for a response that is given often. A name or
/// value that does not fit a header line is a bug and ends the process.
std::shared_ptr<const std::string> header_lines(const Headers& headers);

struct Response {
  unsigned status = 200;
  Headers headers = {};
  /// Sent before `headers`, without being looked at again.
  std::shared_ptr<const std::string> lines = {};
  /// Shared so that one document serves every request without a copy. Null: an empty body.
  std::shared_ptr<const std::string> body = {};
};

/// Turns a request into a response. Called from several threads at once. Never sees the socket;
/// HEAD, Date, Content-Length, keep-alive and the limits are the server's: a response that sets one
/// of its headers, or has one with a control character, becomes a 500, as an exception does.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Response handle(const Request& request) = 0;
};

/// What one peer, and all together, may cost.
struct Limits {
  std::uint32_t header_bytes = 16 * 1024;
  std::uint64_t body_bytes = 64 * 1024;
  /// From the first byte (of a connection: from its start) to the headers' end.
  std::chrono::milliseconds header_time{10'000};
  std::chrono::milliseconds body_time{20'000};
  std::chrono::milliseconds idle_time{60'000};  ///< between two requests
  std::chrono::milliseconds write_time{20'000};
  /// At once; fewer where the process may not have the descriptors. Beyond, the one that has kept
  /// us waiting longest makes way for the next; the next is closed when all are being answered.
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

/// An HTTP/1.1 server: one loop a core, each with its own acceptor (SO_REUSEPORT). A port that
/// somebody already listens on is refused, be it one of ours.
class Server {
 public:
  /// Binds and listens; requests are answered from `run` on. `handler` must outlive the server.
  static Result<std::unique_ptr<Server>> open(ServerOptions options, Handler& handler);
  virtual ~Server() = default;

  /// The port it listens on, also when any was asked for.
  virtual std::uint16_t port() const = 0;
  /// From now on SIGINT, SIGTERM and SIGHUP wait for `run`. To be called before anybody is told
  /// that the server is there, for they may send one at once.
  virtual void catch_signals() = 0;
  /// Serves until `stop` or, when `signals` is set, until SIGINT or SIGTERM: the first drains, the
  /// second ends at once. SIGHUP calls `on_hangup`, here and never on a loop. Returns the signal
  /// that ended it, or 0. To be called once.
  virtual int run(bool signals, std::function<void()> on_hangup = {}) = 0;
  /// Stops accepting and drains; from any thread.
  virtual void stop() = 0;
};

/// Lets this process have as many descriptors as it may: the soft limit becomes the hard one.
void raise_descriptor_limit();

/// "127.0.0.1:8700", "[::1]:8700" or ":8700" (loopback) into address and port. Names are refused.
Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text);

}  // namespace mcpauth::net
