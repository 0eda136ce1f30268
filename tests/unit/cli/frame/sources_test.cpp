#include "cli/frame/sources.hpp"

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "cli/frame/program.hpp"
#include "cli/frame/secret_words.hpp"
#include "cli/frame/source_jwks.hpp"
#include "cli/frame/terminal.hpp"
#include "support/fakes.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::cli {
namespace {

struct Fixture {
  std::istringstream in;
  std::ostringstream out, err;
  test::FakeClock clock;
  test::CountingRandom random;
  std::map<std::string, std::string> variables;
  Env env{.in = in,
          .out = out,
          .err = err,
          .clock = &clock,
          .random = random,
          .variable = [this](std::string_view name) {
            const auto found = variables.find(std::string(name));
            return found == variables.end() ? std::nullopt
                                            : std::optional<std::string>(found->second);
          }};
  test::TempDir dir;

  std::string read(const std::string& reference) {
    const auto secret = read_source(reference, env, "the key");
    return secret ? std::string(secret->reveal_text()) : "error: " + secret.error().message;
  }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "cli/sources: a secret comes from each kind of reference, without its newline") {
  const auto file = dir.write("key", "s3cret\n");
  CHECK(read(file.string()) == "s3cret");
  CHECK(read("file:" + file.string()) == "s3cret");
  variables["KEY"] = "from env\r\n";
  CHECK(read("env:KEY") == "from env");
  in.str("from stdin\n\n");
  CHECK(read("-") == "from stdin\n");
  CHECK(read("exec:printf '%s' \"a b\"") == "a b");

  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "from fd", 7) == 7);
  ::close(ends[1]);
  CHECK(read("fd:" + std::to_string(ends[0])) == "from fd");
  ::close(ends[0]);
}

TEST_CASE_FIXTURE(Fixture, "cli/sources: a command that contains a secret is refused and not run") {
  const std::string pat = "ghp_0123456789abcdefghij0123456789abcdef";
  for (const auto& command :
       {"exec:echo " + pat, "exec:sh -c 'echo " + pat + "'", "exec:env T=" + pat + " program",
        "exec:program --token=\"" + pat + "\"", "exec:curl https://a.example/?t=" + pat}) {
    const auto said = read(command);
    CHECK(said == "error: cannot read the key: the command of `exec:` contains a secret");
  }
}

TEST_CASE_FIXTURE(Fixture, "cli/sources: the error of a source names it and the reason") {
  CHECK(read("env:NONE") ==
        "error: cannot read the key: the environment variable `NONE` is not set");
  CHECK(read((dir / "none").string()).ends_with("No such file or directory"));
  CHECK(read("fd:x") == "error: cannot read the key: `fd:x` is not a descriptor");
  CHECK(read("vault:db") ==
        "error: cannot read the key: this build cannot read `vault:` references");
  CHECK(read("pkcs11:token=x").ends_with("cannot read `pkcs11:` references"));
  CHECK(read(dir.write("empty", "\n").string()).ends_with("is empty"));
  in.str("x");
  CHECK(read("-") == "x");
  CHECK(read("-") == "error: cannot read the key: stdin can be read only once");
}

TEST_CASE_FIXTURE(Fixture,
                  "cli/sources: a secret file that others can read is refused, an input is not") {
  const auto file = dir.write("key", "s3cret");
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  CHECK(read(file.string()).ends_with("holds a secret and others can read it"));
  const auto input = read_input(file.string(), env);
  REQUIRE(input);
  CHECK(*input == "s3cret");
}

TEST_CASE_FIXTURE(Fixture,
                  "cli/sources: a secret in place of a reference is refused and not shown") {
  const std::string jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln";
  CHECK(read(jwt) == "error: cannot read the key: the reference contains a secret");
  CHECK(looks_like_secret("Bearer " + jwt));
  CHECK(looks_like_secret("ghp_0123456789abcdef0123"));
  for (const std::string_view plain : {"eyJ.json", "ghp_short", "https://a.b.c/d", "key.pem",
                                       "a.b.c", R"({"kty":"OKP","x":"AA"})", "sk-learn"}) {
    CAPTURE(plain);
    CHECK_FALSE(looks_like_secret(plain));
  }
}

TEST_CASE_FIXTURE(Fixture, "cli/sources: input over its limit is refused, from stdin too") {
  in.str(std::string(10'001, 'x'));
  const auto over = read_input("-", env, 10'000);
  REQUIRE_FALSE(over);
  CHECK(over.error().message == "stdin is larger than 10000 bytes");
  env.stdin_used = false;
  in.clear();
  in.str(std::string(10'000, 'x'));
  CHECK(read_input("-", env, 10'000)->size() == 10'000);
}

TEST_CASE("cli/sources: a command is split without a shell") {
  CHECK(*split_command("pass show  'a b' \"c \\\"d\\\"\" e\\ f ''") ==
        Words{"pass", "show", "a b", "c \"d\"", "e f", ""});
  CHECK(*split_command("echo $HOME `id` * ; rm") == Words{"echo", "$HOME", "`id`", "*", ";", "rm"});
  for (const std::string_view bad : {"a 'b", "a \"b", "a \\", "", "  "}) {
    CAPTURE(bad);
    CHECK_FALSE(split_command(bad));
  }
}

TEST_CASE("cli/sources: a program that fails, hangs, prints too much or is missing is an error") {
  using std::chrono::milliseconds;
  const auto run = [](const Words& words, milliseconds timeout) {
    const auto output = run_program(words, timeout, 1000);
    return output ? "printed" : output.error().message;
  };
  constexpr milliseconds kLong{30'000};
  CHECK(run({"false"}, kLong) == "`false` failed with exit status 1");
  CHECK(run({"sleep", "60"}, milliseconds(20)) == "`sleep` takes too long");
  CHECK(run({"sh", "-c", "exec 1>&-; exec sleep 60"}, milliseconds(200)) == "`sh` takes too long");
  CHECK(run({"yes"}, kLong) == "`yes` prints more than 1000 bytes");
  CHECK(run({"no-such-program-here"}, kLong).ends_with("No such file or directory"));
  CHECK(run({"sh", "-c", "kill -9 $$"}, kLong) == "`sh` was ended by signal 9");
  CHECK(run({"true"}, kLong) == "printed");
}

TEST_CASE("cli/sources: a program that is too slow is ended with all that it started") {
  using std::chrono::milliseconds;
  for (const std::string script :
       {"sleep 60 & wait", "sleep 60 & echo done", "(sleep 60 &) & yes"}) {
    CAPTURE(script);
    std::array<int, 2> held{};  // not closed on exec: open in every process that still runs
    REQUIRE(::pipe(held.data()) == 0);
    const auto output = run_program({"sh", "-c", script}, milliseconds(300), 1000);
    ::close(held[1]);
    CHECK_FALSE(output);
    pollfd end{.fd = held[0], .events = POLLIN, .revents = 0};
    CHECK(::poll(&end, 1, 20'000) == 1);
    CHECK((end.revents & POLLHUP) != 0);
    ::close(held[0]);
  }
}

TEST_CASE("cli/sources: a signal is passed on to the program, and then takes effect on us") {
  static volatile std::sig_atomic_t seen = 0;
  struct sigaction before{};
  struct sigaction note{};
  note.sa_handler = [](int) { seen = 1; };
  REQUIRE(::sigaction(SIGINT, &note, &before) == 0);
  const auto output = run_program(
      {"sh", "-c", "trap 'echo told; exit 0' INT; kill -INT $PPID; while :; do sleep 0.05; done"},
      std::chrono::milliseconds(20'000), 1000);
  ::sigaction(SIGINT, &before, nullptr);
  REQUIRE(output);
  CHECK(output->reveal_text() == "told\n");
  CHECK(seen == 1);
}

TEST_CASE("cli/sources: one key is cut out of a set by its kid") {
  const auto set = Secret::copy_of(
      R"( {"x":[{"kid":"b"}], "keys" : [ {"kid":"a","d":"]}\"{"}, {"d":"1", "kid" : "b"} ] } )");
  CHECK(key_of_set(set, "a")->reveal_text() == R"({"kid":"a","d":"]}\"{"})");
  CHECK(key_of_set(set, "b")->reveal_text() == R"({"d":"1", "kid" : "b"})");
  CHECK(key_of_set(set, "c").error().message == "no key of the set has the kid `c`");
  for (const std::string_view bad :
       {"", "[]", "{", "{\"keys\":{}}", "{\"keys\":[}", "{\"keys\":[\"]}"}) {
    CAPTURE(bad);
    CHECK_FALSE(key_of_set(Secret::copy_of(bad), "a"));
  }
}

TEST_CASE_FIXTURE(Fixture, "cli/sources: nobody is asked under --no-input or without a terminal") {
  const auto without = ask("passphrase", env);
  REQUIRE_FALSE(without);
  CHECK(without.error().code == Errc::needs_person);
  CHECK(without.error().why == "stderr is not a terminal");
  env.err_is_terminal = true;
  env.globals.no_input = true;
  CHECK(ask_new("passphrase", env).error().why == "--no-input forbids questions");
}

}  // namespace mcpauth::cli
