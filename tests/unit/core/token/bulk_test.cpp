#include "core/token/bulk.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "core/base/reason.hpp"
#include "core/codec/text.hpp"
#include "core/token/sign.hpp"
#include "support.hpp"
#include "support/fakes.hpp"

namespace mcpauth::token {
namespace {

const jose::SigningKey& key() {
  static const jose::SigningKey made = make_key(crypto::Algorithm::eddsa);
  return made;
}

jose::KeySet published(const jose::SigningKey& one) {
  std::vector<jose::Jwk> keys;
  keys.push_back({.key = one.key.public_key(), .kid = one.kid, .alg = one.alg});
  return jose::KeySet(std::move(keys));
}

std::string good_token(const std::string& subject) {
  test::CountingRandom random;
  const Claims claims{
      .issuer = "https://i", .subject = subject, .audience = "a", .client_id = "c", .org = "acme"};
  const auto minted = sign(claims, std::chrono::minutes(10), key(), kNow, random);
  REQUIRE(minted);
  return std::string(minted->token.reveal_text());
}

/// A stream from a text, at most `step` bytes a time, and the text it was answered with.
struct Pipe {
  std::string input;
  std::size_t step = 64 * 1024;
  std::string output = {};
  std::size_t at = 0;

  BulkStreams streams() {
    return {.read = [this](std::span<char> room) -> Result<std::size_t> {
              const std::size_t size = std::min({step, room.size(), input.size() - at});
              std::ranges::copy(input.substr(at, size), room.begin());
              at += size;
              return size;
            },
            .write = [this](std::string_view text) -> Result<void> {
              output += text;
              return {};
            }};
  }
};

BulkRules rules(unsigned threads) {
  return {.expect = {.audiences = {"a"}}, .threads = threads};
}

/// Has the key only once it has been asked for an unknown one.
class LateKeys final : public jose::KeySource {
 public:
  Result<std::shared_ptr<const jose::KeySet>> keys() override {
    return std::make_shared<const jose::KeySet>();
  }
  Result<std::shared_ptr<const jose::KeySet>> keys_after_unknown(std::string_view) override {
    ++asked;
    return std::make_shared<const jose::KeySet>(published(key()));
  }
  std::atomic<int> asked = 0;
};

class NoKeys final : public jose::KeySource {
 public:
  Result<std::shared_ptr<const jose::KeySet>> keys() override {
    return Error{.code = Errc::network, .message = "no route"};
  }
  Result<std::shared_ptr<const jose::KeySet>> keys_after_unknown(std::string_view) override {
    return keys();
  }
};

}  // namespace

TEST_CASE("token/bulk: a verdict for each line, with what is wrong") {
  const auto stranger = make_key();
  test::CountingRandom random;
  const auto foreign =
      sign({.issuer = "i", .subject = "s", .audience = "a", .client_id = "c", .org = "o"},
           std::chrono::minutes(10), stranger, kNow, random);
  std::string bad = good_token("mallory");
  bad.back() = bad.back() == 'A' ? 'Q' : 'A';
  Pipe pipe{.input = good_token("alice") + "\n\n" + bad + "\n" +
                     std::string(foreign->token.reveal_text()) + "\nnonsense"};
  jose::FixedKeys keys(published(key()));
  const test::FakeClock clock;
  const auto streams = pipe.streams();
  const auto count = verify_bulk(streams, keys, rules(1), clock);
  REQUIRE(count);
  CHECK(count->valid == 1);
  CHECK(count->invalid == 3);
  CHECK(count->unverifiable == 1);
  const auto lines = text::split(pipe.output, '\n');
  REQUIRE(lines.size() == 6);
  CHECK(lines[0] == R"({"line":1,"valid":true,"verdict":"valid","kid":")" + key().kid +
                        R"(","iss":"https://i","sub":"alice","org_id":"acme",)"
                        R"("jti":"AAECAwQFBgcICQoLDA0ODw","exp":1800000600})");
  CHECK(
      lines[1] ==
      R"({"line":2,"valid":false,"verdict":"invalid","reason":"malformed","failed":["malformed"]})");
  CHECK(lines[2].find(R"("reason":"bad-signature")") != std::string_view::npos);
  CHECK(lines[2].find("mallory") == std::string_view::npos);
  CHECK(lines[3].find(R"("verdict":"unverifiable")") != std::string_view::npos);
  CHECK(lines[3].find(R"("line":4,"valid":false)") != std::string_view::npos);
  CHECK(lines[4].find(R"("line":5)") != std::string_view::npos);
}

TEST_CASE("token/bulk: the answers keep the order of the input on many threads") {
  const std::string token = good_token("alice");
  Pipe pipe{.input = {}, .step = 4096};
  for (int i = 0; i < 500; ++i)
    pipe.input += (i % 7 == 0 ? "x" : token) + "\n";
  jose::FixedKeys keys(published(key()));
  const test::FakeClock clock;
  const auto streams = pipe.streams();
  const auto count = verify_bulk(streams, keys, rules(4), clock);
  REQUIRE(count);
  CHECK(count->lines() == 500);
  const auto lines = text::split(pipe.output, '\n');
  REQUIRE(lines.size() == 501);
  for (std::size_t i = 0; i < 500; ++i) {
    const std::string start = R"({"line":)" + std::to_string(i + 1) +
                              (i % 7 == 0 ? R"(,"valid":false)" : R"(,"valid":true)");
    CHECK(lines[i].starts_with(start));
  }
}

TEST_CASE("token/bulk: a line longer than a token may be is refused, and costs no more") {
  Pipe pipe{.input = std::string(5 << 20, 'x') + "\n" + good_token("alice") + "\n"};
  jose::FixedKeys keys(published(key()));
  const test::FakeClock clock;
  const auto streams = pipe.streams();
  REQUIRE(verify_bulk(streams, keys, rules(2), clock));
  CHECK(pipe.output.find(R"({"line":1,"valid":false,"verdict":"invalid","reason":"too-large")") ==
        0);
  CHECK(pipe.output.find(R"({"line":2,"valid":true)") != std::string::npos);
}

TEST_CASE("token/bulk: an unknown kid is asked for once and the token judged again") {
  Pipe pipe{.input = good_token("alice") + "\n" + good_token("bob") + "\n"};
  LateKeys keys;
  const test::FakeClock clock;
  const auto streams = pipe.streams();
  const auto count = verify_bulk(streams, keys, rules(1), clock);
  REQUIRE(count);
  CHECK(count->valid == 2);
  CHECK(keys.asked == 1);
}

TEST_CASE("token/bulk: unavailable keys and a reader that goes away are errors") {
  const test::FakeClock clock;
  Pipe pipe{.input = good_token("alice") + "\n"};
  NoKeys none;
  auto streams = pipe.streams();
  CHECK(verify_bulk(streams, none, rules(2), clock).error().message == "no route");
  CHECK(pipe.output.empty());

  Pipe endless{.input = "x\n"};
  streams = endless.streams();
  streams.read = [](std::span<char> room) -> Result<std::size_t> {
    room[0] = '\n';
    return std::size_t{1};
  };
  streams.write = [](std::string_view) -> Result<void> {
    return Error{.code = Errc::io, .message = "broken pipe"};
  };
  jose::FixedKeys keys(published(key()));
  CHECK(verify_bulk(streams, keys, rules(3), clock).error().message == "broken pipe");
}

TEST_CASE("token/bulk: the tool's needs are judged for every token") {
  const auto engine = engine_of(kPolicy);
  Pipe pipe{.input = good_token("alice") + "\n"};
  jose::FixedKeys keys(published(key()));
  const test::FakeClock clock;
  const auto streams = pipe.streams();
  BulkRules strict = rules(1);
  strict.engine = &engine;
  strict.tool = "hr/get_employee";
  CHECK(verify_bulk(streams, keys, strict, clock)->invalid == 1);
  CHECK(pipe.output.find("missing-scope") != std::string::npos);
}

}  // namespace mcpauth::token
