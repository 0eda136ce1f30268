#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include <doctest/doctest.h>

#include "core/crypto/key.hpp"
#include "core/jose/jwk.hpp"
#include "core/jose/jwks.hpp"
#include "core/keys/ring.hpp"
#include "support/cli.hpp"
#include "support/raw_client.hpp"
#include "support/temp_dir.hpp"

extern char** environ;

namespace mcpauth::test {
namespace {

jose::SigningKey new_key() {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::p256);
  REQUIRE(key);
  auto kid = jose::thumbprint(key->public_key());
  return {.key = *std::move(key), .alg = crypto::Algorithm::es256, .kid = std::move(kid)};
}

std::string key_set() {
  const auto key = new_key();
  return jose::KeySet({{.key = key.key.public_key(), .kid = key.kid}}).to_json();
}

/// The built program, as a process of its own.
class Process {
 public:
  explicit Process(std::vector<std::string> args) {
    args.insert(args.begin(), {MCPAUTH_BINARY, "-C", "none"});
    std::vector<char*> words;
    for (auto& arg : args)
      words.push_back(arg.data());
    words.push_back(nullptr);
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&actions, pipe[0]);
    REQUIRE(::posix_spawn(&id_, MCPAUTH_BINARY, &actions, nullptr, words.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    out_ = pipe[0];
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (id_ > 0) end(SIGKILL);
    ::close(out_);
  }

  std::string first_line() const {
    std::string line;
    for (char c = 0; ::read(out_, &c, 1) == 1 && c != '\n';)
      line += c;
    return line;
  }
  void send(int signal) const { ::kill(id_, signal); }
  /// The exit status after this signal; minus the signal when that killed it.
  int end(int signal) {
    send(signal);
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t id_ = -1;
  int out_ = -1;
};

std::uint16_t port_of(const std::string& url) {
  std::uint16_t port = 0;
  const auto at = url.rfind(':') + 1;
  std::from_chars(url.data() + at, url.data() + url.size(), port);
  return port;
}

RawResponse get(const std::string& url, const std::string& path) {
  RawClient client(port_of(url));
  return client.ask("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
}

constexpr const char* kJwks = "/.well-known/jwks.json";

}  // namespace

TEST_CASE("cli/jwks serve: the first line is the URL, which has the set") {
  const TempDir directory;
  const auto keys = key_set();
  Process server({"jwks", "serve", "--jwks", directory.write("k.json", keys), "--listen", ":0",
                  "--issuer", "https://auth.example.com", "--cache-max-age", "60"});
  const auto url = server.first_line();
  REQUIRE(url.starts_with("http://127.0.0.1:"));
  CHECK(url.ends_with(kJwks));
  const auto reply = get(url, kJwks);
  CHECK(reply.body == keys);
  CHECK(reply.header("Cache-Control") == "public, max-age=60");
  CHECK(get(url, "/.well-known/oauth-authorization-server").status == 200);
  CHECK(server.end(SIGTERM) == 0);
}

TEST_CASE("cli/jwks serve: SIGHUP reads the keys again, and a broken file replaces nothing") {
  const TempDir directory;
  const auto file = directory.write("k.json", key_set());
  Process server({"-q", "jwks", "serve", "--jwks", file, "--listen", ":0"});
  const auto url = server.first_line();
  const auto next = key_set();
  std::filesystem::rename(directory.write("new", next), file);
  server.send(SIGHUP);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (get(url, kJwks).body != next && std::chrono::steady_clock::now() < give_up) {
  }
  CHECK(get(url, kJwks).body == next);
  directory.write("k.json", "no keys");
  server.send(SIGHUP);
  for (int i = 0; i < 20; ++i)
    CHECK(get(url, kJwks).body == next);
  CHECK(server.end(SIGINT) == 0);
}

TEST_CASE("cli/jwks serve: a key ring is published without its private parts") {
  const TempDir directory;
  const auto ring = keys::Ring::create(directory / "ring", new_key(),
                                       Instant{std::chrono::seconds(1'800'000'000)});
  REQUIRE(ring);
  Process server({"jwks", "serve", "--keys", directory / "ring", "--listen", ":0"});
  const auto reply = get(server.first_line(), kJwks);
  CHECK(reply.body == ring->public_keys().to_json());
  CHECK(reply.body.find("\"d\"") == std::string::npos);
}

TEST_CASE("cli/jwks serve: bad options are refused before a port is bound") {
  const TempDir directory;
  const auto file = directory.write("k.json", key_set()).string();
  const auto refused = [](std::vector<std::string> args, int status, std::string_view message) {
    args.insert(args.begin(), {"-C", "none", "jwks", "serve"});
    const auto run = mcpauth(args);
    CAPTURE(run.err);
    CHECK(run.status == status);
    CHECK(run.out.empty());
    CHECK(run.err.find(message) != std::string::npos);
  };
  refused({}, 2, "there are no keys to publish");
  refused({"--jwks", file, "--keys", "x"}, 2, "both --keys and --jwks are given");
  refused({"--jwks", "/nowhere/k.json"}, 3, "/nowhere/k.json");
  refused({"--jwks", directory.write("bad", "{}")}, 3, "bad");
  refused({"--jwks", file, "--listen", "localhost:1"}, 2, "`localhost:1` is not an address");
  refused({"--jwks", file, "--issuer", "https://u:hunter2@i.example"}, 2,
          "--issuer `https://…@i.example` is not a URL");
  refused({"--jwks", file, "--issuer", "nonsense"}, 2, "--issuer `nonsense` is not a URL");
  refused({"--jwks", file, "--issuer", "http://evil.example"}, 2, "is not https");
  refused({"--jwks", file, "--issuer", "https://i.example?x"}, 2, "has a query");
  refused({"--jwks", file, "--tls-cert", "c.pem"}, 2, "--tls-cert and --tls-key belong together");
  refused({"--jwks", file, "--cache-max-age", "1x"}, 2, "--cache-max-age");
  refused({"--jwks", file, "--cache-max-age", "2d"}, 2, "it is longer than a day");
}

TEST_CASE("cli/dev idp: everybody on loopback gets a token, and nobody else") {
  Process idp({"-q", "dev", "idp", "--listen", ":0"});
  const auto issuer = idp.first_line();
  REQUIRE(issuer.starts_with("http://127.0.0.1:"));
  Process token({"dev", "token", "alice", "--issuer", issuer, "--ttl", "1m"});
  const auto line = token.first_line();
  CHECK(std::ranges::count(line, '.') == 2);
  const auto outside = mcpauth({"-C", "none", "dev", "idp", "--listen", "0.0.0.0:0"});
  CHECK(outside.status == 2);
  CHECK(outside.err.find("loopback only") != std::string::npos);
  CHECK(idp.end(SIGTERM) == 0);
}

TEST_CASE("cli/dev token: without a running provider the error says how to start one") {
  World world;
  world.http.replies.push_back(Error{.code = Errc::network, .message = "connection refused"});
  const auto run = mcpauth({"dev", "token", "alice"}, world);
  CHECK(run.status == 3);
  CHECK(run.out.empty());
  CHECK(run.err.find("start one with `mcpauth dev idp`") != std::string::npos);
}

}  // namespace mcpauth::test
