#include <sys/stat.h>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/codec/json.hpp"
#include "core/keys/ring.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string text_of_member(const json::Value& value, std::string_view name) {
  const auto* member = value.find(name);
  REQUIRE(member != nullptr);
  REQUIRE(member->string() != nullptr);
  return *member->string();
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info{};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777U;
}

}  // namespace

TEST_CASE("cli/keygen: the private key goes to a 0600 file, the public JWK to stdout") {
  const TempDir dir;
  const auto file = dir / "key.pem";
  const auto run = mcpauth({"keygen", "-o", file.string()});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  CHECK(mode_of(file) == 0600U);
  const auto jwk = json::parse(run.out);
  REQUIRE(jwk);
  CHECK(text_of_member(*jwk, "alg") == "ES256");
  CHECK(text_of_member(*jwk, "use") == "sig");
  CHECK(jwk->find("d") == nullptr);
  const auto key = jose::load_signing_key(read_secret_file(file).value(), {});
  REQUIRE(key);
  CHECK(jose::thumbprint(key->key.public_key()) == text_of_member(*jwk, "kid"));
}

TEST_CASE("cli/keygen: every algorithm, as PEM and as JWK") {
  const TempDir dir;
  for (const std::string alg : {"ES384", "ES512", "EdDSA", "Ed25519", "PS256"}) {
    for (const std::string format : {"pem", "jwk"}) {
      CAPTURE(alg);
      CAPTURE(format);
      const auto file = (dir / (alg + "." + format)).string();
      const auto run = mcpauth({"keygen", "--alg", alg, "--format", format, "--json", "-o", file});
      CHECK(run.status == 0);
      const auto answer = json::parse(run.out);
      REQUIRE(answer);
      CHECK(text_of_member(*answer, "schema") == "mcpauth.keygen/1");
      CHECK(text_of_member(*answer, "alg") == (alg == "Ed25519" ? "EdDSA" : alg));
      CHECK(text_of_member(*answer, "file") == file);
      const auto key = jose::load_signing_key(read_secret_file(file).value(), {});
      REQUIRE(key);
      CHECK(key->kid == text_of_member(*answer, "kid"));
    }
  }
}

TEST_CASE("cli/keygen: an existing file is left alone without --force") {
  const TempDir dir;
  const auto file = dir.write("key.pem", "precious");
  const auto run = mcpauth({"keygen", "-o", file.string()});
  CHECK(run.status == 2);
  CHECK(run.out.empty());
  CHECK(has(run.err, "error[exists]:"));
  CHECK(has(run.err, "--force"));
  CHECK(*read_file(file) == "precious");
  CHECK(mcpauth({"keygen", "--force", "-o", file.string()}).status == 0);
  CHECK(has(*read_file(file), "BEGIN PRIVATE KEY"));
}

TEST_CASE("cli/keygen: weak, symmetric and unknown keys are refused with the reason") {
  const TempDir dir;
  const auto file = (dir / "key.pem").string();
  struct Case {
    std::vector<std::string> flags;
    std::string_view says;
  };
  const Case cases[] = {
      {{"--alg", "HS256"}, "symmetric keys are not offered: whoever can verify with one"},
      {{"--alg", "none"}, "`none` is no signature"},
      {{"--alg", "ES265"}, "did you mean `ES256`?"},
      {{"--alg", "RS256", "--bits", "1024"}, "RSA keys under 2048 bits are refused"},
      {{"--alg", "RS256", "--bits", "16384"}, "RSA keys over 8192 bits are refused"},
      {{"--bits", "2048"}, "only RSA keys come in different sizes"},
      {{"--alg", "RS256", "--bits", "many"}, "`many` is not a number of bits"},
      {{"--format", "der"}, "`der` is not one of pem, jwk"},
      {{"--passphrase", "env:P"}, "--passphrase without --encrypt"},
      {{"--format", "jwk", "--encrypt"}, "a JWK cannot be encrypted here"},
      {{"--keys", "ring"}, "a key goes into a file or into a ring, not both"},
  };
  for (const Case& wrong : cases) {
    std::vector<std::string> args{"keygen", "-o", file};
    args.insert(args.end(), wrong.flags.begin(), wrong.flags.end());
    const auto run = mcpauth(args);
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(has(run.err, wrong.says));
    CHECK_FALSE(std::filesystem::exists(file));
  }
  CHECK(mcpauth({"keygen"}).status == 2);
}

TEST_CASE("cli/keygen: encrypted with a passphrase from a source, and 5 when nobody can type it") {
  const TempDir dir;
  const auto file = dir / "key.pem";
  World world;
  world.variables["P"] = "correct horse";
  const std::vector<std::string> args{"keygen", "--encrypt", "-o", file.string()};
  const auto nobody = mcpauth(args, world);
  CHECK(nobody.status == 5);
  CHECK(has(nobody.err, "--passphrase SRC"));
  CHECK_FALSE(std::filesystem::exists(file));

  auto with_source = args;
  with_source.insert(with_source.end(), {"--passphrase", "env:P"});
  CHECK(mcpauth(with_source, world).status == 0);
  CHECK(has(*read_file(file), "BEGIN ENCRYPTED PRIVATE KEY"));
  CHECK(jose::load_signing_key(read_secret_file(file).value(), Secret::copy_of("correct horse")));
}

TEST_CASE("cli/keygen: -o - prints the private key on a pipe and nothing else") {
  const auto run = mcpauth({"keygen", "-o", "-"});
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("-----BEGIN PRIVATE KEY-----\n"));
  CHECK(has(run.err, "\"kid\""));
  CHECK(mcpauth({"keygen", "--json", "-o", "-"}).status == 2);
}

TEST_CASE("cli/keygen: a file that cannot be written is 3") {
  const TempDir dir;
  const auto run = mcpauth({"keygen", "-o", (dir / "none" / "key.pem").string()});
  CHECK(run.status == 3);
  CHECK(run.out.empty());
}

TEST_CASE("cli/keygen: --keys makes a ring, then adds its next key, then refuses a second one") {
  const TempDir dir;
  const auto keys = (dir / "keys").string();
  const auto first = mcpauth({"keygen", "--alg", "EdDSA", "--keys", keys});
  CHECK(first.status == 0);
  CHECK(has(first.err, "made the key ring"));
  CHECK(has(first.err, "signs now"));

  const auto second = mcpauth({"keygen", "--json", "--keys", keys});
  CHECK(second.status == 0);
  CHECK(has(second.err, "signs from 2027-01-15T08:10:00Z on"));
  const auto answer = json::parse(second.out);
  REQUIRE(answer);
  CHECK(text_of_member(*answer, "state") == "next");
  CHECK(text_of_member(*answer, "alg") == "EdDSA");
  CHECK(keys::Ring::open(keys)->entries().size() == 2);

  const auto third = mcpauth({"keygen", "--keys", keys});
  CHECK(third.status == 2);
  CHECK(has(third.err, "the ring has a next key already"));
  CHECK(mcpauth({"keygen", "--encrypt", "--keys", (dir / "other").string()}).status == 2);
}

}  // namespace mcpauth::test
