#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "core/audit/log/record.hpp"
#include "core/audit/log/segments.hpp"
#include "core/codec/text.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

namespace fs = std::filesystem;

// Where the clock of a World stands.
constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

audit::Record call(std::string decision = "allow") {
  return {.id = "i",
          .request_id = "r",
          .event = "call",
          .org_id = "acme",
          .sub = "alice",
          .tool = "hr/get_salary",
          .scopes = {"hr:read"},
          .decision = decision,
          .reason = decision == "deny" ? "no-grant" : "granted",
          .status = 200,
          .latency = std::chrono::microseconds(1234)};
}

/// Record `seq` is of `seq` seconds after the clock's time.
std::string line(std::uint64_t seq, const audit::Record& record = call()) {
  return audit::to_line(record, seq, kNow + std::chrono::seconds(seq)) + "\n";
}

std::string lines(std::uint64_t from, std::uint64_t to) {
  std::string out;
  for (; from < to; ++from)
    out += line(from);
  return out;
}

void append(const fs::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

Run tail(std::vector<std::string> args) {
  args.insert(args.begin(), {"-C", "none", "audit", "tail"});
  return mcpauth(args);
}

/// The `seq` of each record, as `--fields seq` prints them.
std::string seqs(std::vector<std::string> args) {
  args.insert(args.end(), {"--fields", "seq"});
  auto run = tail(args);
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  std::string out;
  for (const auto one : text::split(run.out, '\n'))
    out += (out.empty() || one.empty() ? "" : " ") + std::string(one);
  return out;
}

}  // namespace

TEST_CASE("cli/audit tail: the last ten records, a line each, in columns") {
  const TempDir dir;
  auto intent = call();
  intent.phase = audit::Phase::intent;
  intent.decision.clear();
  intent.latency.reset();
  audit::Record mint{.id = "i",
                     .request_id = "r",
                     .event = "mint",
                     .client_id = "ci",
                     .server = "hr",
                     .scopes = {},
                     .decision = "error"};
  const auto file =
      dir.write("log", lines(0, 10) + line(10, call("deny")) + line(11, intent) + line(12, mint));
  const auto run = tail({file.string()});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  const auto rows = text::split(run.out, '\n');
  REQUIRE(rows.size() == 11);
  CHECK(rows[0] ==
        "2027-01-15T08:00:03Z  allow   call          alice@acme            hr/get_salary       "
        "granted"
        "         1.2ms  hr:read");
  CHECK(rows[7] ==
        "2027-01-15T08:00:10Z  deny    call          alice@acme            hr/get_salary       "
        "no-grant"
        "        1.2ms  hr:read");
  CHECK(rows[8] ==
        "2027-01-15T08:00:11Z  intent  call          alice@acme            hr/get_salary       "
        "granted"
        "             -  hr:read");
  CHECK(rows[9] ==
        "2027-01-15T08:00:12Z  error   mint          ci                    hr                  -"
        "                   -");
}

TEST_CASE("cli/audit tail: colours only when asked for or on a terminal") {
  const TempDir dir;
  auto intent = call();
  intent.phase = audit::Phase::intent;
  const auto file =
      dir.write("log", line(0) + line(1, call("deny")) + line(2, call("error")) + line(3, intent))
          .string();
  CHECK_FALSE(has(tail({file}).out, "\033"));
  const auto run = tail({"--color", "always", file});
  CHECK(has(run.out, "\033[32mallow\033[0m "));
  CHECK(has(run.out, "\033[31mdeny\033[0m "));
  CHECK(has(run.out, "\033[33merror\033[0m "));
  CHECK(has(run.out, "\033[2m2027-01-15T08:00:03Z  intent"));
}

TEST_CASE("cli/audit tail: what is selected, and how much of it") {
  const TempDir dir;
  dir.write("log.000000000000", lines(0, 15));
  const auto file = dir.write("log", line(15, call("deny")) + lines(16, 20)).string();
  CHECK(seqs({file}) == "10 11 12 13 14 15 16 17 18 19");
  CHECK(seqs({file, "-n", "0"}).empty());
  CHECK(seqs({file, "-n", "6"}) == "14 15 16 17 18 19");
  CHECK(seqs({file, "--since", "2027-01-15T08:00:18Z"}) == "18 19");
  CHECK(seqs({file, "--since", "+7s", "--until", "+17s", "-n", "3"}) == "14 15 16");
  CHECK(seqs({file, "--until", "+12s"}) == "0 1 2 3 4 5 6 7 8 9 10 11");
  CHECK(seqs({file, "--where", "decision=deny"}) == "15");
  CHECK(seqs({file, "--where", "decision=allow", "-n", "5"}) == "14 16 17 18 19");
  CHECK(seqs({file, "--where", "seq<3 or seq>=18"}) == "0 1 2 18 19");
  CHECK(seqs({file + ".000000000000", "-n", "2"}) == "13 14");
}

TEST_CASE("cli/audit tail: JSON is the record as it was written, raw is its line") {
  const TempDir dir;
  auto odd = call();
  odd.sub = "b\"o\nb\u202e";
  const auto text = line(0) + line(1, odd);
  const auto file = dir.write("log", text).string();
  CHECK(tail({file, "--json"}).out == text);
  CHECK(tail({file, "--raw"}).out == text);
  const auto some = tail({file, "--json", "--fields", "ts,sub,scope,latency,jti", "-n", "1"});
  CHECK(some.out == R"({"ts":"2027-01-15T08:00:01Z","sub":"b\"o\nb\u202e","scopes":["hr:read"],)"
                    R"("latency_us":1234,"jti":null})"
                    "\n");
  CHECK(tail({file, "--fields", "seq,decision,latency,jti,scopes", "-n", "1"}).out ==
        "1  allow  1.2ms  -  hr:read\n");
}

TEST_CASE("cli/audit tail: what a stranger calls himself stays one line, and text") {
  const TempDir dir;
  for (const std::string name : {"a\nb", "\033[31mred", "x\u202ey", "::error::no", "##vso[task.x]",
                                 "\x7f", "a\u2028b", "0\r1"}) {
    CAPTURE(name);
    auto record = call();
    record.sub = record.tool = record.org_id = record.event = name;
    record.scopes = {name};
    const auto file = dir.write("log", line(0, record)).string();
    for (const auto& args : std::vector<std::vector<std::string>>{
             {file}, {file, "--color", "always"}, {file, "--fields", "sub,scopes"}}) {
      const auto run = tail(args);
      const auto rows = text::split(run.out, '\n');
      CHECK(rows.size() == 2);
      std::string plain = run.out.substr(0, run.out.size() - 1);
      for (const std::string_view sgr : {"\033[32m", "\033[0m"}) {
        if (const auto at = plain.find(sgr); at != std::string::npos) plain.erase(at, sgr.size());
      }
      CHECK(text::printable(plain) == plain);
    }
  }
  auto record = call();
  record.sub = std::string(500, 'n');
  const auto run = tail({dir.write("log", line(0, record)).string()});
  CHECK(has(run.out, std::string(40, 'n') + "…@acme"));
}

TEST_CASE("cli/audit tail: a line that is not a record is reported with its number") {
  const TempDir dir;
  const auto file =
      dir.write("log", line(0) + "not one\n" + line(1) + "\n\033[2J\n{\"seq\":2").string();
  const auto run = tail({file, "--fields", "seq"});
  CHECK(run.status == 0);
  CHECK(run.out == "0\n1\n");
  CHECK(run.err == "line 2 of `" + file + "` is not a record\nline 4 of `" + file +
                       "` is not a record\nline 5 of `" + file +
                       "` is not a record\nthe last line of `" + file + "` is incomplete\n");
}

TEST_CASE("cli/audit tail: several logs by time; the files of one log count once") {
  const TempDir dir;
  const auto a = dir.write("a", line(0) + line(2) + line(4)).string();
  const auto b = dir.write("b", line(1) + line(2, call("deny")) + line(3)).string();
  CHECK(tail({a, b, "--fields", "seq,decision"}).out ==
        "0  allow\n1  allow\n2  allow\n2  deny\n3  allow\n4  allow\n");
  CHECK(seqs({a, b, "-n", "3"}) == "2 3 4");
  dir.write("log.000000000000", lines(0, 2));
  const auto log = dir.write("log", lines(2, 4)).string();
  dir.write("log.key", "secret\n");
  dir.write("log.checkpoint", "a checkpoint\n");
  CHECK(seqs({log, log + ".000000000000", log + ".checkpoint", log + ".key", log}) == "0 1 2 3");
}

TEST_CASE("cli/audit tail: --exit-on says no at a match, yes without, and neither when it cannot") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 20) + line(20, call("deny")) + line(21)).string();
  const auto seen =
      tail({file, "--exit-on", "decision=deny", "--where", "seq>18", "--fields", "seq"});
  CHECK(seen.status == 1);
  CHECK(seen.out == "19\n20\n");
  CHECK(tail({file, "--exit-on", "decision=deny"}).status == 1);
  CHECK(tail({file, "--exit-on", "decision=error"}).status == 0);
  CHECK(tail({file, "--exit-on", "decision=deny", "-n", "1"}).status == 0);
  CHECK(tail({file, "--exit-on", "decision=deny", "--where", "tool~fs/*"}).status == 0);
  append(file, "no record\n");
  const auto unsure = tail({file, "--exit-on", "decision=error"});
  CHECK(unsure.status == 3);
  CHECK(has(unsure.err, "could not see every record"));
}

TEST_CASE("cli/audit tail: a filter that is wrong is drawn with its place") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 2)).string();
  const auto run = tail({file, "--where", "decision=deny and tol~\"hr/*\""});
  CHECK(run.status == 2);
  CHECK(run.out.empty());
  CHECK(run.err ==
        "  decision=deny and tol~\"hr/*\"\n"
        "                    ^\n"
        "error[usage]: --where: no record has a field `tol` at column 19\n"
        "  try: did you mean `tool`?\n");
  const auto json = tail({file, "--json", "--exit-on", "seq=\033["});
  CHECK(json.status == 2);
  CHECK(json.err.empty());
  CHECK(has(json.out, R"("column":5)"));
  const auto odd = tail({file, "--where", "sub=\"\u202e\n\033\" and"});
  CHECK_FALSE(has(odd.err, "\033"));
  CHECK_FALSE(has(odd.err, "\u202e"));
}

TEST_CASE("cli/audit tail: what does not go together") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 2)).string();
  for (const auto& args : std::vector<std::vector<std::string>>{{file, "--timeout", "5s"},
                                                                {file, "-F", "--until", "now"},
                                                                {file, "--raw", "--fields", "seq"},
                                                                {file, "--fields", "seq,tol"},
                                                                {file, "-n", "-3"},
                                                                {file, "-n", "many"},
                                                                {file, "-F", "--timeout", "0s"},
                                                                {file, "--since", "yesterday"}}) {
    CAPTURE(args.back());
    CHECK(tail(args).status == 2);
  }
  CHECK(has(tail({file, "--fields", "tol"}).err, "did you mean `tool`?"));
  CHECK(tail({(dir / "none").string()}).status == 3);
  CHECK(tail({}).status == 2);  // no log is named anywhere
}

TEST_CASE("cli/audit tail: the log of the configuration") {
  const TempDir dir;
  dir.write("log", lines(0, 2));
  dir.write("mcpauth.toml", "[audit]\nfile = \"log\"\n");
  const auto run = mcpauth(
      {"-C", (dir / "mcpauth.toml").string(), "audit", "tail", "-n", "1", "--fields", "seq"});
  CHECK(run.out == "1\n");
}

TEST_CASE("cli/audit tail: follows through rotation, new segments and truncation") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 2));
  Run run;
  // -n takes in all that is there when it starts, so it does not matter how fast that is.
  std::thread reader([&] {
    run = tail({file.string(), "-F", "-n", "1000", "--fields", "seq", "--exit-on", "sub=last",
                "--timeout", "60s"});
  });
  std::uint64_t seq = 2;
  for (std::uint64_t first = 0; seq < 200; ++seq) {
    if (seq % 10 == 0) {
      fs::rename(file, audit::closed_name(file, first));
      first = seq;
    }
    append(file, line(seq).substr(0, 40));
    append(file, line(seq).substr(40));
  }
  auto last = call();
  last.sub = "last";
  append(file, line(seq, last) + line(seq + 1));
  reader.join();
  CHECK(run.status == 1);
  CHECK(run.err.empty());
  std::string expected;
  for (std::uint64_t i = 0; i <= seq; ++i)
    expected += std::to_string(i) + "\n";
  // The column grows with its numbers, which are not aligned.
  CHECK(run.out == expected);
}

TEST_CASE("cli/audit tail: a log that is cut off while it is followed") {
  const TempDir dir;
  const auto file = dir.write("log", lines(5, 9));
  const auto out = (dir / "out").string();
  Run run;
  std::thread reader([&] {
    run = tail({file.string(), "-F", "-o", out, "--fields", "seq", "--exit-on", "seq=0", "-n", "9",
                "--timeout", "60s"});
  });
  // What it has shown is in the file of -o, so that it can be waited for.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto shown = [&out] {
    std::ifstream in(out);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  while (shown() != "5\n6\n7\n8\n" && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  fs::resize_file(file, 0);
  append(file, line(0));
  reader.join();
  CHECK(run.status == 1);
  CHECK(shown() == "5\n6\n7\n8\n0\n");
  CHECK(has(run.err, "was cut off"));
}

TEST_CASE("cli/audit tail: with --exit-on only what comes counts, and the time ends it") {
  const TempDir dir;
  const auto file = dir.write("log", line(0, call("deny"))).string();
  const auto start = std::chrono::steady_clock::now();
  const auto run = tail({file, "-F", "--exit-on", "decision=deny", "--timeout", "1s"});
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::seconds(1));
  CHECK(tail({file, "-F", "--exit-on", "decision=deny", "--timeout", "60s", "-n", "5"}).status ==
        1);
}

TEST_CASE("cli/audit tail: waits for a log that is not there") {
  const TempDir dir;
  const auto file = dir / "log";
  Run run;
  std::thread reader([&] {
    run = tail({file.string(), "-F", "-n", "9", "--fields", "seq", "--exit-on", "seq=1",
                "--timeout", "60s"});
  });
  dir.write("made", lines(0, 3));
  fs::rename(dir / "made", file);
  reader.join();
  CHECK(run.status == 1);
  CHECK(run.out == "0\n1\n");
}

TEST_CASE("cli/audit tail: ends when nobody reads any more") {
  const TempDir dir;
  const auto file = dir.write("log", lines(0, 50)).string();
  const std::string command =
      std::string("timeout 30 " MCPAUTH_BINARY) + " -C none audit tail -F --timeout 25s " + file;
  const auto start = std::chrono::steady_clock::now();
  CHECK(std::system((command + " | head -n 1 > /dev/null").c_str()) == 0);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

}  // namespace mcpauth::test
