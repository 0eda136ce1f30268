#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/random.hpp"
#include "core/http/client.hpp"

namespace mcpauth::test {

/// Time that moves only when told to.
class FakeClock final : public Clock {
 public:
  Instant time = Instant{std::chrono::seconds(1'800'000'000)};
  Instant now() const override { return time; }
  std::chrono::nanoseconds ticks() const override { return time.time_since_epoch(); }
};

/// 0, 1, 2, ...: unpredictable to nobody.
class CountingRandom final : public Random {
 public:
  std::uint8_t next = 0;
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out)
      byte = next++;
  }
};

/// Answers from a script, in order, and keeps what was asked.
class FakeHttp final : public http::Client {
 public:
  std::deque<Result<http::Response>> replies;
  std::vector<http::Request> requests;

  Result<http::Response> send(const http::Request& request) override {
    requests.push_back(copy_of(request));
    if (replies.empty()) return Error{.code = Errc::network, .message = "the script is at its end"};
    auto reply = std::move(replies.front());
    replies.pop_front();
    return reply;
  }

 private:
  static http::Request copy_of(const http::Request& request) {
    return {.method = request.method,
            .url = request.url,
            .headers = request.headers,
            .authorization = Secret::copy_of(request.authorization.reveal()),
            .body = Secret::copy_of(request.body.reveal()),
            .reach = request.reach,
            .timeout = request.timeout,
            .connect_timeout = request.connect_timeout,
            .max_body = request.max_body};
  }
};

}  // namespace mcpauth::test
