#include "core/identity/issuer_keys.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "key_documents.hpp"
#include "support/fakes.hpp"

namespace mcpauth::identity {
namespace {

using http::Reach;
using namespace std::chrono_literals;

const std::string kUrl = "https://idp.example/jwks";

/// A cache over a script and a clock that a test moves.
struct Cache {
  explicit Cache(CachePolicy policy = {})
      : keys(jwks_url_keys(kUrl, Reach::internet, http, clock, policy)) {}

  void reply(Result<http::Response> response) { http.replies.push_back(std::move(response)); }
  void fail() { reply(Error{.code = Errc::network, .message = "down"}); }
  void pass(std::chrono::seconds time) { clock.time += time; }
  /// Whether the set as given now holds this kid.
  bool holds(std::string_view kid) {
    const auto set = keys->keys();
    return set && !(*set)->with_kid(kid).empty();
  }
  bool finds(std::string_view kid) {
    const auto set = keys->keys_after_unknown(kid);
    return set && !(*set)->with_kid(kid).empty();
  }
  std::size_t fetches() const { return http.requests.size(); }

  test::FakeHttp http;
  test::FakeClock clock;
  std::unique_ptr<jose::KeySource> keys;
};

/// A client whose answer waits until the test lets it go.
class GatedHttp final : public http::Client {
 public:
  Result<http::Response> send(const http::Request&) override {
    std::unique_lock lock(mutex_);
    ++sent;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return json_answer(jwks(kid));
  }
  void open(bool value) {
    const std::lock_guard lock(mutex_);
    open_ = value;
    changed_.notify_all();
  }
  void wait_for_request(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sent >= count; });
  }
  int sent = 0;
  std::string kid = "k1";

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
};

}  // namespace

TEST_CASE("identity/issuer_keys: a fresh set is not asked for again") {
  Cache cache;
  cache.reply(json_answer(jwks("k1")));
  CHECK(cache.holds("k1"));
  cache.pass(299s);
  CHECK(cache.holds("k1"));
  CHECK(cache.fetches() == 1);
  cache.pass(1s);
  cache.reply(json_answer(jwks("k2"), "max-age=3000"));
  CHECK(cache.holds("k2"));
  cache.pass(2999s);
  CHECK(cache.holds("k2"));
  CHECK(cache.fetches() == 2);
}

TEST_CASE("identity/issuer_keys: an unchanged set is fresh again") {
  Cache cache;
  cache.reply(json_answer(jwks("k1"), "", "\"v1\""));
  CHECK(cache.holds("k1"));
  cache.pass(300s);
  cache.reply(http::Response{.status = 304});
  CHECK(cache.holds("k1"));
  cache.pass(299s);
  CHECK(cache.holds("k1"));
  CHECK(cache.fetches() == 2);
}

TEST_CASE("identity/issuer_keys: the last good set serves while the issuer is down") {
  Cache cache;
  cache.reply(json_answer(jwks("k1")));
  CHECK(cache.holds("k1"));
  cache.pass(300s);
  for (int i = 0; i < 10; ++i)
    cache.fail();
  CHECK(cache.holds("k1"));
  CHECK(cache.fetches() == 2);
  cache.pass(9s);  // a down issuer is not asked by every request
  CHECK(cache.holds("k1"));
  CHECK(cache.fetches() == 2);
  cache.pass(1s);
  CHECK(cache.holds("k1"));
  CHECK(cache.fetches() == 3);
  cache.pass(86'400s - 11s);
  CHECK(cache.holds("k1"));
  cache.pass(1s);
  const auto too_old = cache.keys->keys();
  REQUIRE(!too_old);
  CHECK(too_old.error().code == Errc::network);
  CHECK(too_old.error().reason == reason::kIdpUnreachable);
  cache.http.replies.clear();
  cache.pass(10s);
  cache.reply(json_answer(jwks("k2")));
  CHECK(cache.holds("k2"));
}

TEST_CASE("identity/issuer_keys: a document that is not usable never replaces a good set") {
  for (const std::string body :
       {"<html>", "{\"keys\":[]}", "{}", "", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}"}) {
    CAPTURE(body);
    Cache cache;
    cache.reply(json_answer(jwks("k1")));
    CHECK(cache.holds("k1"));
    cache.pass(300s);
    cache.reply(json_answer(body, "max-age=3600", "\"bad\""));
    CHECK(cache.holds("k1"));
    cache.pass(10s);
    cache.reply(json_answer(jwks("k2")));
    CHECK(cache.holds("k2"));
  }
}

TEST_CASE("identity/issuer_keys: without any set the failure is reported, and kept for a while") {
  Cache cache;
  cache.fail();
  for (int i = 0; i < 3; ++i) {
    const auto got = cache.keys->keys();
    REQUIRE(!got);
    CHECK(got.error().message == "keys at `https://idp.example/jwks`: down");
    CHECK(!cache.keys->keys_after_unknown("k1"));
  }
  CHECK(cache.fetches() == 1);
  cache.pass(10s);
  cache.reply(json_answer(jwks("k1")));
  CHECK(cache.holds("k1"));
}

TEST_CASE("identity/issuer_keys: an unknown kid fetches the set once") {
  Cache cache;
  cache.reply(json_answer(jwks("k1")));
  CHECK(cache.holds("k1"));
  cache.reply(json_answer(jwks("k2")));
  CHECK(cache.finds("k2"));
  CHECK(cache.finds("k2"));
  CHECK(cache.fetches() == 2);
}

TEST_CASE("identity/issuer_keys: a storm of random kids costs one fetch per wait") {
  Cache cache;
  for (int i = 0; i < 20; ++i)
    cache.reply(json_answer(jwks("k1"), "max-age=3600"));
  CHECK(cache.holds("k1"));
  for (int second = 0; second < 90; ++second) {
    for (int i = 0; i < 50; ++i)
      CHECK(!cache.finds("random-" + std::to_string(second * 50 + i)));
    cache.pass(1s);
  }
  CHECK(cache.fetches() == 1 + 3);
}

TEST_CASE("identity/issuer_keys: a kid known as unknown does not fetch until the set is old") {
  Cache cache;
  for (int i = 0; i < 20; ++i)
    cache.reply(json_answer(jwks("k1"), "max-age=3600"));
  CHECK(!cache.finds("gone"));
  CHECK(cache.fetches() == 2);
  cache.pass(299s);
  CHECK(!cache.finds("gone"));
  CHECK(cache.fetches() == 2);
  cache.pass(1s);
  CHECK(!cache.finds("gone"));
  CHECK(cache.fetches() == 3);
}

TEST_CASE("identity/issuer_keys: the memory for unknown kids is bounded") {
  Cache cache({.unknown_kid_wait = 0s, .negative_entries = 2});
  for (int i = 0; i < 20; ++i)
    cache.reply(json_answer(jwks("k1"), "max-age=3600"));
  CHECK(cache.holds("k1"));
  for (const auto* kid : {"a", "b", "c"})
    CHECK(!cache.finds(kid));
  CHECK(cache.fetches() == 4);
  CHECK(!cache.finds("a"));
  CHECK(!cache.finds("b"));
  CHECK(cache.fetches() == 4);
  CHECK(!cache.finds("c"));  // there was no room for this one
  CHECK(cache.fetches() == 5);
  CHECK(!cache.finds(std::string(257, 'k')));  // no issuer names a key so
  CHECK(cache.fetches() == 5);
}

TEST_CASE("identity/issuer_keys: an unknown kid while the issuer is down keeps the good set") {
  Cache cache;
  cache.reply(json_answer(jwks("k1")));
  CHECK(cache.holds("k1"));
  cache.fail();
  CHECK(!cache.finds("k2"));
  CHECK(cache.holds("k1"));
  cache.pass(9s);
  CHECK(!cache.finds("k3"));
  CHECK(cache.fetches() == 2);
  cache.pass(21s);
  cache.reply(json_answer(jwks("k2")));
  CHECK(cache.finds("k2"));  // the failure did not make it known as unknown
}

TEST_CASE("identity/issuer_keys: an issuer's keys are found by discovery") {
  test::FakeHttp http;
  const test::FakeClock clock;
  http.replies.push_back(
      json_answer(R"({"issuer":"https://idp.example","jwks_uri":"https://idp.example/k"})"));
  http.replies.push_back(json_answer(jwks("k1")));
  const auto keys = issuer_keys("https://idp.example", Reach::internet, http, clock);
  const auto set = keys->keys();
  REQUIRE(set);
  CHECK((*set)->with_kid("k1").size() == 1);
}

TEST_CASE("identity/issuer_keys: threads that need the set at once share one fetch") {
  GatedHttp http;
  const test::FakeClock clock;
  const auto keys = jwks_url_keys(kUrl, Reach::internet, http, clock);
  http.open(false);
  std::atomic<int> served{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const auto set = keys->keys();
      if (set && !(*set)->with_kid("k1").empty()) ++served;
    });
  }
  http.wait_for_request(1);
  http.open(true);
  for (auto& thread : threads)
    thread.join();
  CHECK(served == 6);
  CHECK(http.sent == 1);
}

TEST_CASE("identity/issuer_keys: while one thread refreshes, the others go on with the old set") {
  GatedHttp http;
  test::FakeClock clock;
  const auto keys = jwks_url_keys(kUrl, Reach::internet, http, clock);
  REQUIRE(keys->keys());
  clock.time += 300s;
  http.kid = "k2";
  http.open(false);
  std::thread refresher([&] { CHECK((*keys->keys())->with_kid("k2").size() == 1); });
  http.wait_for_request(2);
  CHECK((*keys->keys())->with_kid("k1").size() == 1);  // does not wait
  http.open(true);
  refresher.join();
  CHECK((*keys->keys())->with_kid("k2").size() == 1);
  CHECK(http.sent == 2);
}

}  // namespace mcpauth::identity
