#include "core/audit/log/note.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/checkpoint.hpp"
#include "core/codec/base64.hpp"

namespace mcpauth::audit {
namespace {

// The examples of c2sp.org/signed-note, c2sp.org/tlog-checkpoint and of Go's sumdb/note.
constexpr std::string_view kFooKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kFooNote =
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";
constexpr std::string_view kNeumannKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kNeumannNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n— PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr std::string_view kSofaNote =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

NoteVerifier verifier(std::string_view vkey) {
  auto parsed = NoteVerifier::parse(vkey);
  REQUIRE(parsed);
  return *std::move(parsed);
}

NoteSigner signer(std::string name) {
  auto made =
      NoteSigner::make(std::move(name), *crypto::PrivateKey::generate(crypto::KeyType::ed25519));
  REQUIRE(made);
  return *std::move(made);
}

std::string refused(std::string_view note) {
  const auto parsed = parse_note(note);
  return parsed ? "taken" : parsed.error().message;
}

}  // namespace

TEST_CASE("audit/note: the published examples verify") {
  for (const auto& [key, text] : {std::pair(kFooKey, kFooNote), {kNeumannKey, kNeumannNote}}) {
    const auto note = parse_note(text);
    REQUIRE(note);
    CHECK(judge(*note, std::vector{verifier(key)}) == Trust::good);
    CHECK(verifier(key).vkey() == key);
  }
  CHECK(judge(*parse_note(kFooNote), std::vector{verifier(kNeumannKey)}) == Trust::unknown);
}

TEST_CASE("audit/note: one changed byte of the text is a forgery") {
  std::string changed(kFooNote);
  changed[3] ^= 1;
  CHECK(judge(*parse_note(changed), std::vector{verifier(kFooKey)}) == Trust::forged);
}

TEST_CASE("audit/note: a signature of an unknown key does not spoil a good one, a wrong one does") {
  const auto ours = signer("a.example/log");
  const auto other = signer("b.example/log");
  const std::string text = "a\n1\n";
  const std::vector<NoteVerifier> known = {ours.verifier()};
  CHECK(judge(*parse_note(text + "\n" + *other.sign(text) + *ours.sign(text)), known) ==
        Trust::good);
  CHECK(judge(*parse_note(text + "\n" + *other.sign(text)), known) == Trust::unknown);
  CHECK(judge(*parse_note(text + "\n" + *ours.sign(text) + *ours.sign("b\n")), known) ==
        Trust::forged);
}

TEST_CASE("audit/note: two keys sign while one takes over from the other") {
  std::vector<NoteSigner> both;
  both.push_back(signer("log"));
  both.push_back(signer("log"));
  const auto note = parse_note(*sign_note("text\n", both));
  REQUIRE(note);
  CHECK(judge(*note, std::vector{both[0].verifier()}) == Trust::good);
  CHECK(judge(*note, std::vector{both[1].verifier()}) == Trust::good);
}

TEST_CASE("audit/note: a text that is not a signed note is refused") {
  CHECK(refused("") != "taken");
  CHECK(refused("text\n") != "taken");
  CHECK(refused("text\n\n") != "taken");
  CHECK(refused("text\n\n— name\n") != "taken");
  CHECK(refused("text\n\n- name AAAAAAAAAAA=\n") != "taken");
  CHECK(refused("text\n\n— name AAAA\n") != "taken");
  CHECK(refused("text\n\n— name !AAAAAAA\n") != "taken");
  CHECK(refused("text\n\n— na+me AAAAAAAAAAA=\n") != "taken");
  CHECK(refused("te\rxt\n\n— name AAAAAAAAAAA=\n") != "taken");
  CHECK(refused("te\xffxt\n\n— name AAAAAAAAAAA=\n") != "taken");
  CHECK(refused("text\n\n— name AAAAAAAAAAA=") != "taken");
  CHECK(refused(std::string(70'000, 'a') + "\n\n— name AAAAAAAAAAA=\n") != "taken");
  std::string many = "text\n\n";
  for (int i = 0; i < 101; ++i)
    many += "— name AAAAAAAAAAA=\n";
  CHECK(refused(many) != "taken");
  CHECK(refused("a\n\nb\n\n— name AAAAAAAAAAA=\n") == "taken");
  CHECK(parse_note("a\n\nb\n\n— name AAAAAAAAAAA=\n")->text == "a\n\nb\n");
}

TEST_CASE("audit/note: a verifier key whose parts do not fit together is refused") {
  std::string key(kFooKey);
  CHECK_FALSE(NoteVerifier::parse("example.com/foo"));
  CHECK_FALSE(NoteVerifier::parse("example.com/bar" + key.substr(15)));
  key.back() = 'A';
  CHECK_FALSE(NoteVerifier::parse(key));
  CHECK_FALSE(NoteVerifier::parse("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
  CHECK_FALSE(is_key_name("a b"));
  CHECK_FALSE(is_key_name("a\xe2\x80\xae"));
  CHECK(is_key_name("mcpauth/8ecd"));
}

TEST_CASE("audit/note: only an Ed25519 key signs a log") {
  const auto refused_key =
      NoteSigner::make("log", *crypto::PrivateKey::generate(crypto::KeyType::p256));
  REQUIRE_FALSE(refused_key);
  CHECK(refused_key.error().code == Errc::config);
}

TEST_CASE("audit/checkpoint: the published example is read and written as it stands") {
  const auto note = parse_note(kSofaNote);
  REQUIRE(note);
  const auto checkpoint = parse_checkpoint(note->text);
  REQUIRE(checkpoint);
  CHECK(checkpoint->origin == "example.com/behind-the-sofa");
  CHECK(checkpoint->size == 20852163);
  CHECK(to_base64(checkpoint->root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
  CHECK(to_text(*checkpoint) == note->text);
  REQUIRE(note->signatures.size() == 1);
  CHECK(note->signatures[0].key_id == 0x033de0ae);
}

TEST_CASE("audit/checkpoint: sizes with a sign or leading zeros and broken roots are refused") {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  CHECK(parse_checkpoint("o\n0\n" + root));
  CHECK(parse_checkpoint("o\n5\n" + root + "extension\n"));
  for (const auto* size : {"", "05", "+5", "-5", "5 ", "0x5", "18446744073709551616", "5.0"}) {
    CAPTURE(size);
    CHECK_FALSE(parse_checkpoint("o\n" + std::string(size) + "\n" + root));
  }
  CHECK_FALSE(parse_checkpoint("\n5\n" + root));
  CHECK_FALSE(parse_checkpoint("o\n5\nAAAA\n"));
  CHECK_FALSE(parse_checkpoint("o\n5\n" + root.substr(0, 44)));
  CHECK_FALSE(parse_checkpoint("o\n5\n" + root + "\n"));
}

TEST_CASE("audit/proof: is read as it was written, and nothing else is") {
  const Hash hash = crypto::sha256({});
  const Proof proof{.record = "{\"seq\":7}",
                    .index = 7,
                    .path = {hash, hash},
                    .checkpoint = std::string(kSofaNote)};
  const auto text = to_text(proof);
  const auto again = parse_proof(text);
  REQUIRE(again);
  CHECK(to_text(*again) == text);
  CHECK(again->record == proof.record);
  CHECK_FALSE(parse_proof(text.substr(1)));
  CHECK_FALSE(parse_proof("c2sp.org/tlog-proof@v1\nindex 7\n\n"));
  CHECK_FALSE(parse_proof("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 07\n\n"));
  CHECK_FALSE(parse_proof("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 7\nAAAA\n\n"));
  CHECK_FALSE(parse_proof("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 7\n"));
  const Continuation continuation{.from = 3, .path = {hash}, .checkpoint = std::string(kSofaNote)};
  CHECK(is_continuation(to_text(continuation)));
  CHECK(to_text(*parse_continuation(to_text(continuation))) == to_text(continuation));
  CHECK_FALSE(parse_continuation("old x\n\n"));
}

TEST_CASE("codec/base64: strict, with padding") {
  CHECK(base64::encode({}) == "");
  CHECK(base64::encode(bytes_of("f")) == "Zg==");
  CHECK(base64::encode(bytes_of("fo")) == "Zm8=");
  CHECK(base64::encode(bytes_of("foo")) == "Zm9v");
  CHECK(base64::encode(bytes_of("\xfb\xff\xfe")) == "+//+");
  CHECK(text_of(*base64::decode("Zm8=")) == "fo");
  for (const auto* bad :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "-_8=", "Z g=", "=Zg=", "Zg==\n", "====", "Z==="}) {
    CAPTURE(bad);
    CHECK_FALSE(base64::decode(bad));
  }
}

}  // namespace mcpauth::audit
