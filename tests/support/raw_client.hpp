#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace mcpauth::test {

/// One response as it came.
struct RawResponse {
  unsigned status = 0;  ///< 0: none came
  std::string head;
  std::string body;

  bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
  /// The value of a header, as spelled by our server; empty when absent.
  std::string header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

/// A TCP client that sends exactly the given bytes. Every wait ends after ten seconds.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : RawClient(::socket(AF_INET, SOCK_STREAM, 0), port) {}
  /// Takes a socket that was made before.
  RawClient(int socket, std::uint16_t port) : socket_(socket) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        connected_(other.connected_),
        read_(std::move(other.read_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  bool connected() const { return connected_; }
  int socket() const { return socket_; }
  bool send(std::string_view bytes) const {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  void finish_sending() const { ::shutdown(socket_, SHUT_WR); }

  /// One response by its Content-Length; `with_body` is false for HEAD.
  RawResponse response(bool with_body = true) {
    RawResponse response;
    std::size_t end = 0;
    while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return response;
    }
    response.head = read_.substr(0, end + 4);
    read_.erase(0, end + 4);
    response.status = static_cast<unsigned>(std::atoi(response.head.c_str() + 9));
    const auto length = std::strtoul(response.header("Content-Length").c_str(), nullptr, 10);
    if (!with_body || response.status < 200) return response;
    while (read_.size() < length && receive()) {
    }
    response.body = read_.substr(0, length);
    read_.erase(0, length);
    return response;
  }

  /// Whether the peer closes without another byte.
  bool closes() { return read_.empty() && !receive() && at_end_; }

  RawResponse ask(std::string_view request, bool with_body = true) {
    send(request);
    return response(with_body);
  }

 private:
  bool receive() {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, 10'000) != 1) return false;
    std::array<char, 16384> part{};
    const auto got = ::recv(socket_, part.data(), part.size(), 0);
    if (got <= 0) {
      at_end_ = true;
      return false;
    }
    read_.append(part.data(), static_cast<std::size_t>(got));
    return true;
  }

  int socket_ = -1;
  bool connected_ = false;
  bool at_end_ = false;
  std::string read_;
};

}  // namespace mcpauth::test
