#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): pthread_sigmask
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace mcpauth::test {

/// One accepted connection of a HostileServer, in its own thread.
class Peer {
 public:
  Peer(int socket, const std::atomic<bool>& stop) : socket_(socket), stop_(stop) {}

  /// Reads one request with its body; empty when the client left.
  std::string read_request() {
    std::string text;
    std::size_t wanted = std::string::npos;
    while (text.size() < wanted) {
      char block[4096];
      const auto got = ::recv(socket_, block, sizeof block, 0);
      if (got <= 0) return {};
      text.append(block, static_cast<std::size_t>(got));
      const auto end = text.find("\r\n\r\n");
      if (end == std::string::npos || wanted != std::string::npos) continue;
      const auto length = text.find("Content-Length: ");
      wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
    }
    return text;
  }
  /// False once the client is gone or the server stops.
  bool send(std::string_view bytes) {
    while (!bytes.empty() && !stop_) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return !stop_;
  }
  /// Waits, but no longer than the client stays: for servers that are slow. False when it left.
  bool dawdle(int milliseconds) {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, milliseconds) == 0 && !stop_;
  }

 private:
  int socket_;
  const std::atomic<bool>& stop_;
};

inline std::string answer(std::string_view status, std::string_view headers,
                          std::string_view body) {
  std::string out = "HTTP/1.1 ";
  out.append(status).append("\r\n").append(headers);
  out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  return out.append(body);
}

/// A raw loopback server that does to each connection what a test wants done: the handler gets the
/// request's text and writes whatever bytes it likes. Stops and joins when it goes.
class HostileServer {
 public:
  using Handler = std::function<void(Peer&, const std::string& request)>;
  using SocketHandler = std::function<void(int socket)>;
  enum class After { close, keep_open };  ///< what becomes of a connection after an answer

  explicit HostileServer(Handler handler, After after = After::close)
      : HostileServer(SocketHandler([this, handler = std::move(handler), after](int socket) {
          Peer peer(socket, stop_);
          for (auto text = peer.read_request(); !text.empty(); text = peer.read_request()) {
            ++requests_;
            handler(peer, text);
            if (after == After::close) return;
          }
        })) {}
  /// For what is no HTTP: the handler has the connection to itself and does not close it.
  explicit HostileServer(SocketHandler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0)
      std::abort();
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer() {
    stop_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : sockets_)
        ::shutdown(socket, SHUT_RDWR);
    }
    for (auto& thread : threads_)
      thread.join();
    for (const int socket : sockets_)
      ::close(socket);
  }

  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int port() const { return port_; }
  int connections() const { return connections_; }
  int requests() const { return requests_; }

 private:
  void accept_all() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0 || stop_) {
        if (socket >= 0) ::close(socket);
        return;
      }
      ++connections_;
      const std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      threads_.emplace_back([this, socket] { serve(socket); });
    }
  }
  void serve(int socket) {
    sigset_t broken_pipe;  // of this side only: a client that dies of one shall be seen to
    ::sigemptyset(&broken_pipe);
    ::sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    handler_(socket);
    ::shutdown(socket, SHUT_RDWR);
  }

  const SocketHandler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0};
  std::atomic<int> requests_{0};
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace mcpauth::test
