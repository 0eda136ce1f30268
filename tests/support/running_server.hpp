#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include <doctest/doctest.h>

#include "core/net/server.hpp"

namespace mcpauth::test {

/// A handler from a function.
class Answer final : public net::Handler {
 public:
  explicit Answer(std::function<net::Response(const net::Request&)> answer)
      : answer_(std::move(answer)) {}
  net::Response handle(const net::Request& request) override { return answer_(request); }

 private:
  std::function<net::Response(const net::Request&)> answer_;
};

/// A text as a response.
inline net::Response text_response(std::string text, unsigned status = 200) {
  net::Response response{.status = status};
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = std::make_shared<const std::string>(std::move(text));
  return response;
}

/// A server on a free port of loopback that runs until the end of the test case.
class RunningServer {
 public:
  explicit RunningServer(net::Handler& handler, net::ServerOptions options = {},
                         bool signals = false, std::function<void()> on_hangup = {}) {
    if (options.threads == 0) options.threads = 2;
    auto opened = net::Server::open(std::move(options), handler);
    REQUIRE_MESSAGE(opened, (opened ? std::string() : opened.error().message));
    server_ = *std::move(opened);
    thread_ = std::thread([this, signals, hangup = std::move(on_hangup)] {
      ended_by_ = server_->run(signals, hangup);
    });
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer() {
    server_->stop();
    wait();
  }

  std::uint16_t port() const { return server_->port(); }
  void stop() { server_->stop(); }
  /// Until `run` has returned; gives the signal.
  int wait() {
    if (thread_.joinable()) thread_.join();
    return ended_by_;
  }

 private:
  std::unique_ptr<net::Server> server_;
  int ended_by_ = 0;
  std::thread thread_;
};

}  // namespace mcpauth::test
