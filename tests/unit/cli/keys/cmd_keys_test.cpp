#include <sys/stat.h>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/codec/json.hpp"
#include "core/keys/generate.hpp"
#include "core/keys/ring.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A kid as an argument on the command line.
std::string argument(const std::string& kid) {
  return kid.starts_with('-') ? "-- " + kid : kid;
}

/// A ring with one key, at the clock's time.
struct RingFixture {
  TempDir dir;
  World world;
  std::string directory = (dir / "keys").string();
  std::string first =
      keys::Ring::create(directory, keys::generate(crypto::Algorithm::es256).value(),
                         world.clock.now())
          .value()
          .active()
          .kid;

  Run run(std::vector<std::string> args) {
    // After the command: a kid may begin with a dash, so it comes last, after `--`.
    args.insert(args.begin() + 2, {"--keys", directory});
    return mcpauth(args, world);
  }
  void later(std::chrono::seconds time) { world.clock.time += time; }
};

json::Value parsed(const Run& run) {
  CAPTURE(run.out);
  auto document = json::parse(run.out);
  REQUIRE(document);
  return *document;
}

std::string at(const json::Value& value, std::string_view pointer) {
  const auto* found = value.at_pointer(pointer);
  return found != nullptr && found->string() != nullptr ? *found->string() : "";
}

struct KeyFixture {
  TempDir dir;
  World world;
  std::string pem = (dir / "key.pem").string();
  std::string kid = at(parsed(mcpauth({"keygen", "--json", "-o", pem}, world)), "/kid");

  std::string convert(const std::vector<std::string>& flags, int status = 0) {
    std::vector<std::string> args{"keys", "convert"};
    args.insert(args.end(), flags.begin(), flags.end());
    const auto run = mcpauth(args, world);
    CAPTURE(run.err);
    CHECK(run.status == status);
    return status == 0 ? run.out : run.err;
  }
};

}  // namespace

TEST_CASE_FIXTURE(RingFixture, "cli/keys list: shows the state and next step of each key") {
  const auto table = run({"keys", "list"});
  CHECK(table.status == 0);
  CHECK(has(table.out, first + "  ES256  active   now"));
  CHECK(has(table.out, "(2027-02-14T07:50:00Z)"));
  REQUIRE(run({"keys", "rotate", "--force"}).status == 0);
  const auto json = parsed(run({"keys", "list", "--json"}));
  CHECK(at(json, "/schema") == "mcpauth.keys.list/1");
  CHECK(at(json, "/keys/0/kid") == first);
  CHECK(at(json, "/keys/0/state") == "active");
  CHECK(at(json, "/keys/0/next_step") == "retires");
  CHECK(at(json, "/keys/1/state") == "next");
  CHECK(at(json, "/keys/1/next_due") == "2027-01-15T08:10:00Z");
  later(std::chrono::hours(1));
  CHECK(has(run({"keys", "list"}).out, "signs at the next `keys rotate`"));
}

TEST_CASE_FIXTURE(RingFixture, "cli/keys list: reports the files that an interrupted change left") {
  const auto name = std::string(43, 'A') + ".pem";
  dir.write("keys/" + name, "x");
  const auto listed = run({"keys", "list"});
  CHECK(listed.status == 0);
  CHECK(has(listed.err, "left over from a change that was interrupted: " + name));
  CHECK(has(run({"keys", "rotate"}).out, "removed left-over file `" + name + "`"));
}

TEST_CASE_FIXTURE(RingFixture, "cli/keys: an active key without its private file gets a warning") {
  CHECK(run({"keys", "list"}).err.empty());
  CHECK(parsed(run({"keys", "list", "--json"})).at_pointer("/keys/0/has_private") != nullptr);
  std::filesystem::remove(directory + "/" + first + ".pem");
  for (const auto& command : {std::vector<std::string>{"keys", "list"}, {"keys", "rotate", "-q"}}) {
    const auto result = run(command);
    CHECK(result.status == 0);
    CHECK(has(result.err, "the private file of the active key `" + first + "` is gone"));
    CHECK(has(result.err, "mcpauth keys retire " + argument(first)));
  }
  CHECK_FALSE(
      *parsed(run({"keys", "list", "--json"})).at_pointer("/keys/0/has_private")->boolean());
}

TEST_CASE_FIXTURE(RingFixture, "cli/keys: times ahead of the clock get a warning") {
  later(std::chrono::hours(24 * 3650));
  REQUIRE(run({"keys", "rotate"}).status == 0);
  later(-std::chrono::hours(24 * 3650));
  const auto next = at(parsed(run({"keys", "list", "--json"})), "/keys/1/kid");
  for (const auto& command : {std::vector<std::string>{"keys", "list"}, {"keys", "rotate", "-q"}}) {
    const auto result = run(command);
    CHECK(result.status == 0);
    CHECK(has(result.err, "the key `" + next + "` has a time that is ahead of the clock"));
    CHECK(has(result.err, "mcpauth keys retire " + argument(next)));
  }
  REQUIRE(run({"keys", "retire", "--", next}).status == 0);
  CHECK(run({"keys", "rotate", "-q"}).err.empty());
}

TEST_CASE("cli/keys: no ring, an open one and a broken one are 3, no name at all is 2") {
  const TempDir dir;
  const auto none = mcpauth({"keys", "list", "--keys", (dir / "none").string()});
  CHECK(none.status == 3);
  CHECK(has(none.err, "error[not-found]:"));
  CHECK(has(none.err, "mcpauth keygen --keys"));
  CHECK(mcpauth({"-C", "none", "keys", "list"}).status == 2);

  RingFixture ring;
  REQUIRE(write_file(ring.dir / "keys/ring.json", bytes_of("{\"schema\":"), Overwrite::yes));
  for (const std::string verb : {"list", "rotate", "add"}) {
    CHECK(ring.run({"keys", verb}).status == 3);
  }
  REQUIRE(::chmod(ring.directory.c_str(), 0755) == 0);
  CHECK(has(ring.run({"keys", "list"}).err, "chmod 700"));
}

TEST_CASE_FIXTURE(RingFixture, "cli/keys rotate: from cron it is silent until something is done") {
  const auto idle = run({"keys", "rotate", "-q"});
  CHECK(idle.status == 0);
  CHECK(idle.out.empty());
  CHECK(idle.err.empty());
  const auto told = run({"keys", "rotate"});
  CHECK(told.err == "nothing is due\nnext: a next key is made in 30d (2027-02-14T07:50:00Z)\n");

  const auto made = run({"keys", "rotate", "--force", "--json"});
  CHECK(made.status == 0);
  const auto json = parsed(made);
  CHECK(at(json, "/active") == first);
  CHECK(has(at(json, "/steps/0"), "made next key"));
  CHECK(at(json, "/next_due") == "2027-01-15T08:10:00Z");

  later(std::chrono::minutes(10));
  const auto turned = run({"keys", "rotate", "-q"});
  CHECK(has(turned.out, "retired `" + first + "`\n"));
  CHECK(has(turned.out, "signs now\n"));
  CHECK(turned.err.empty());
}

TEST_CASE_FIXTURE(RingFixture, "cli/keys rotate: a longer max-age of the key set waits longer") {
  REQUIRE(run({"keys", "rotate", "--force", "--cache-max-age", "1h"}).status == 0);
  later(std::chrono::minutes(119));
  CHECK(run({"keys", "rotate", "--cache-max-age", "3600"}).out.empty());
  later(std::chrono::minutes(1));
  CHECK(has(run({"keys", "rotate", "--cache-max-age", "1h"}).out, "signs now"));
}

TEST_CASE_FIXTURE(RingFixture, "cli/keys rotate: waiting times that are too short are 2") {
  CHECK(run({"keys", "rotate", "--cache-max-age", "0"}).status == 2);
  CHECK(run({"keys", "rotate", "--period", "5m"}).status == 2);
  CHECK(run({"keys", "rotate", "--period", "soon"}).status == 2);
}

TEST_CASE_FIXTURE(RingFixture, "cli/keys add: a new key, and one from a file, never a public one") {
  const auto added = run({"keys", "add", "--alg", "EdDSA"});
  CHECK(added.status == 0);
  CHECK(added.out.size() == 44);
  CHECK(has(added.err, "signs from 2027-01-15T08:10:00Z on"));
  CHECK(run({"keys", "add"}).status == 2);

  const std::string kid = added.out.substr(0, 43);
  REQUIRE(run({"keys", "retire", "--", kid}).status == 0);
  const auto pem = (dir / "key.pem").string();
  const auto made = parsed(mcpauth({"keygen", "--json", "-o", pem}, world));
  const auto imported = run({"keys", "add", "--json", pem});
  CHECK(imported.status == 0);
  CHECK(at(parsed(imported), "/kid") == at(made, "/kid"));

  const auto jwk = dir.write("public.jwk", json::write(*made.find("jwk")));
  const auto refused = run({"keys", "add", jwk.string()});
  CHECK(refused.status == 3);
  CHECK(has(refused.err, "a ring needs private keys"));
}

TEST_CASE_FIXTURE(RingFixture,
                  "cli/keys retire: replaces a leaked key at once and says what it costs") {
  const auto retired = run({"keys", "retire", "--", first});
  CHECK(retired.status == 0);
  CHECK(has(retired.out, "signs now\n"));
  CHECK(has(retired.out, "removed `" + first + "`: neither signs nor is published\n"));
  CHECK(has(retired.err, "verifiers may refuse its tokens for up to 5m"));
  const auto ring = keys::Ring::open(directory).value();
  CHECK(ring.entries().size() == 1);
  CHECK(ring.active().kid != first);
  CHECK(run({"keys", "retire", "--", first}).status == 3);
  CHECK(run({"keys", "retire"}).status == 2);
}

TEST_CASE_FIXTURE(RingFixture,
                  "cli/keys retire: with a next key that every cache knows costs nothing") {
  REQUIRE(run({"keys", "rotate", "--force"}).status == 0);
  later(std::chrono::minutes(10));
  const auto retired = run({"keys", "retire", "--json", "--", first});
  CHECK(retired.err.empty());
  const auto json = parsed(retired);
  CHECK(*json.find("early")->boolean() == false);
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys inspect: says what a key is and prints nothing secret") {
  const auto run = mcpauth({"keys", "inspect", pem}, world);
  CHECK(run.status == 0);
  CHECK(has(run.out, "form        private key, PEM\n"));
  CHECK(has(run.out, "type        P-256, 256 bits\n"));
  CHECK(has(run.out, "kid         " + kid + "\n"));
  CHECK_FALSE(has(run.out, "warning"));
  const auto json = parsed(mcpauth({"keys", "inspect", "--json", pem}, world));
  CHECK(*json.find("private")->boolean());
  CHECK(at(json, "/keys/0/thumbprint") == kid);
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys inspect: warns of a private key that others can read") {
  REQUIRE(::chmod(pem.c_str(), 0644) == 0);
  const auto run = mcpauth({"keys", "inspect", pem}, world);
  CHECK(run.status == 0);
  CHECK(has(run.out, "warning     others can read this private key"));
}

TEST_CASE_FIXTURE(KeyFixture,
                  "cli/keys inspect: an encrypted key, with and without its passphrase") {
  world.variables["P"] = "correct horse";
  const auto sealed = (dir / "sealed.pem").string();
  convert({pem, "--encrypt", "--new-passphrase", "env:P", "-o", sealed});
  const auto closed = mcpauth({"keys", "inspect", sealed}, world);
  CHECK(closed.status == 0);
  CHECK(has(closed.out, "encrypted; give --passphrase SRC to look inside"));
  CHECK_FALSE(has(closed.out, kid));
  CHECK(has(mcpauth({"keys", "inspect", sealed, "--passphrase", "env:P"}, world).out, kid));
  world.variables["P"] = "wrong";
  CHECK(mcpauth({"keys", "inspect", sealed, "--passphrase", "env:P"}, world).status == 3);
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys inspect: a file that is not a key, or is missing, is 3") {
  const auto text = dir.write("notes.txt", "hello").string();
  const auto run = mcpauth({"keys", "inspect", text}, world);
  CHECK(run.status == 3);
  CHECK(has(run.err, "this is neither PEM nor a JWK"));
  CHECK(mcpauth({"keys", "inspect", (dir / "none").string()}, world).status == 3);
  CHECK(mcpauth({"keys", "inspect"}, world).status == 2);
}

TEST_CASE_FIXTURE(KeyFixture,
                  "cli/keys inspect: control characters of a kid stay off the terminal") {
  const auto jwk = parsed({.status = 0, .out = convert({pem, "--public"}), .err = ""});
  auto object = *jwk.object();
  object.set("kid", "\033[31mred\u202e");
  const auto file = dir.write("odd.jwk", json::write(json::Value(object))).string();
  const auto run = mcpauth({"keys", "inspect", file}, world);
  CHECK(run.status == 0);
  CHECK_FALSE(has(run.out, "\033"));
  CHECK_FALSE(has(run.out, "\u202e"));
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys convert: PEM to JWK and back gives the same key") {
  const auto jwk_file = (dir / "key.jwk").string();
  const auto back = (dir / "back.pem").string();
  convert({pem, "-o", jwk_file});
  convert({jwk_file, "-o", back});
  CHECK(*read_file(back) == *read_file(pem));
  struct stat info{};
  REQUIRE(::stat(jwk_file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600U);
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys convert: the public part as PEM, JWK and JWKS") {
  const auto public_pem = convert({pem, "--public", "--format", "pem"});
  CHECK(public_pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
  const auto jwk = convert({pem, "--public"});
  CHECK(has(jwk, kid));
  CHECK_FALSE(has(jwk, "\"d\""));
  const auto jwks = convert({pem, "--format", "jwks"});
  CHECK_FALSE(has(jwks, "\"d\""));
  const auto file = dir.write("keys.json", jwks).string();
  CHECK(convert({file, "--kid", kid, "--format", "pem"}) == public_pem);
  CHECK(convert({file}) == public_pem);
  CHECK(has(convert({file, "--kid", "other"}, 3), "there is no key `other` in it"));
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys convert: a key of several must be named") {
  const auto other = (dir / "other.pem").string();
  REQUIRE(mcpauth({"keygen", "-o", other}, world).status == 0);
  const std::string set =
      "{\"keys\":[" + convert({pem, "--public"}) + "," + convert({other, "--public"}) + "]}";
  const auto file = dir.write("two.json", set).string();
  CHECK(has(convert({file}, 2), "the set has 2 keys"));
  CHECK(convert({file, "--kid", kid}).starts_with("-----BEGIN PUBLIC KEY"));
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys convert: an encrypted key in and out") {
  world.variables["P"] = "correct horse";
  const auto sealed = (dir / "sealed.pem").string();
  convert({pem, "--encrypt", "--new-passphrase", "env:P", "-o", sealed});
  CHECK(has(*read_file(sealed), "BEGIN ENCRYPTED PRIVATE KEY"));
  CHECK(has(convert({sealed}, 5), "--passphrase SRC"));
  const auto opened = (dir / "opened.pem").string();
  convert({sealed, "--passphrase", "env:P", "--format", "pem", "-o", opened});
  CHECK(*read_file(opened) == *read_file(pem));
  convert({pem, "--encrypt", "--public"}, 2);
  convert({pem, "--new-passphrase", "env:P"}, 2);
  convert({pem, "--encrypt"}, 5);
}

TEST_CASE_FIXTURE(KeyFixture,
                  "cli/keys convert: neither overwrites nor reads a key that is open to others") {
  const auto taken = dir.write("taken", "precious").string();
  CHECK(has(convert({pem, "-o", taken}, 2), "exists already"));
  CHECK(has(convert({pem, "--public", "-o", taken}, 2), "exists already"));
  CHECK(*read_file(taken) == "precious");
  convert({pem, "--public", "--force", "-o", taken});
  CHECK(has(*read_file(taken), kid));
  REQUIRE(::chmod(pem.c_str(), 0640) == 0);
  CHECK(has(convert({pem, "--public"}, 3), "others can read it"));
}

TEST_CASE_FIXTURE(KeyFixture, "cli/keys convert: an algorithm is chosen where it fits, else 2") {
  const auto rsa = (dir / "rsa.pem").string();
  REQUIRE(mcpauth({"keygen", "--alg", "RS256", "-o", rsa}, world).status == 0);
  CHECK(has(convert({rsa, "--public", "--alg", "PS256"}), "\"PS256\""));
  convert({rsa, "--public", "--alg", "HS256"}, 2);
}

}  // namespace mcpauth::test
