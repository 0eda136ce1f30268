// One case per way in which verifiers of JSON Web Tokens have been fooled. Each is named after what
// it prevents and asserts its own reason.

#include "threats.hpp"

#include "core/crypto/digest.hpp"

using namespace mcpauth;
using namespace mcpauth::test;
using crypto::Algorithm;
using jose::Verdict;

namespace {

Bytes hmac_sha256(BytesView key, std::string_view message) {
  Bytes block(key.begin(), key.end());
  if (block.size() > 64) {
    const auto digest = crypto::sha256(block);
    block.assign(digest.begin(), digest.end());
  }
  block.resize(64);
  const auto pass = [&block](std::uint8_t pad, BytesView text) {
    Bytes input = block;
    for (auto& byte : input)
      byte ^= pad;
    input.insert(input.end(), text.begin(), text.end());
    return crypto::sha256(input);
  };
  const auto outer = pass(0x5C, pass(0x36, bytes_of(message)));
  return {outer.begin(), outer.end()};
}

/// A token of our claims whose HMAC is right when `secret` is taken for the key.
std::string hmac_token(BytesView secret, std::string_view kid) {
  const std::string header = R"({"alg":"HS256","kid":")" + std::string(kid) + "\"}";
  const std::string input =
      base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload()));
  return input + "." + base64url::encode(hmac_sha256(secret, input));
}

/// The content of a PEM block.
Bytes der_of(std::string_view pem) {
  std::string text;
  pem = pem.substr(pem.find('\n') + 1);
  for (const char c : pem.substr(0, pem.find("-----"))) {
    if (c == '\n' || c == '=') continue;
    text.push_back(c == '+' ? '-' : c == '/' ? '_' : c);
  }
  return base64url::decode(text).value();
}

}  // namespace

TEST_CASE("jose/threats: a token without a signature is refused in every spelling of none") {
  for (const auto* alg : {"none", "None", "NONE", "nOnE", "nONE"}) {
    CAPTURE(alg);
    const std::string header = R"({"alg":")" + std::string(alg) + R"(","kid":"ES256"})";
    CHECK(refusal(forged(header, payload(), {})) == reason::kAlgNone);
    CHECK(refusal(signed_as_is(signing_key(Algorithm::es256), header, payload())) ==
          reason::kAlgNone);
  }
  CHECK(refusal(forged(R"({"kid":"ES256"})", payload(), {})) == reason::kAlgNone);
}

TEST_CASE("jose/threats: near misses of none are not algorithms either") {
  for (const auto* alg : {"", " none", "none ", "none\\n", "nоne", "null"}) {
    const std::string header = R"({"alg":")" + std::string(alg) + R"(","kid":"ES256"})";
    CHECK(refusal(forged(header, payload(), {})) == reason::kAlgUnsupported);
  }
  for (const auto* header : {R"({"alg":null})", R"({"alg":0})", R"({"alg":["ES256"]})"}) {
    CHECK(refusal(forged(header, payload(), {})) == reason::kAlgUnsupported);
  }
}

TEST_CASE("jose/threats: the public RSA key as PEM, DER or JWK is no HMAC secret") {
  const auto& key = signing_key(Algorithm::rs256);
  const auto open = key.key.public_key();
  const std::string pem = open.to_pem();
  const std::string jwk = json::write(jose::to_jwk(open, key.kid, key.alg));
  const auto n = open.parts().n;
  for (const auto& secret : {Bytes(pem.begin(), pem.end()), Bytes(pem.begin(), pem.end() - 1),
                             der_of(pem), Bytes(jwk.begin(), jwk.end()), n}) {
    CHECK(refusal(hmac_token(secret, key.kid), Algorithm::rs256) == reason::kAlgUnsupported);
  }
}

TEST_CASE("jose/threats: an RSA key without alg never becomes an empty HMAC key") {
  const auto& key = signing_key(Algorithm::rs256);
  const jose::KeySet set({{.key = key.key.public_key(), .kid = key.kid}});
  CHECK(refusal(judge(hmac_token({}, key.kid), set)) == reason::kAlgUnsupported);
  CHECK(refusal(judge(hmac_token(Bytes(32), key.kid), set)) == reason::kAlgUnsupported);
  const auto good = jose::sign_jwt(key, "at+jwt", good_claims()).value();
  CHECK(judge(good, set).verdict == Verdict::valid);
}

TEST_CASE("jose/threats: a critical extension is never ignored") {
  for (const auto& crit :
       {json::Value(json::Array{"exp"}), json::Value(json::Array{"x-unknown"}),
        json::Value(json::Array{}), json::Value("exp"), json::Value(nullptr), json::Value(1)}) {
    CHECK(refusal(with_member("crit", crit)) == reason::kUnknownCrit);
  }
}

TEST_CASE("jose/threats: an unencoded payload is refused, with and without crit") {
  CHECK(refusal(with_member("b64", false)) == reason::kUnencodedPayload);
  CHECK(refusal(with_member("b64", true)) == reason::kUnencodedPayload);
  const auto& key = signing_key(Algorithm::es256);
  const std::string header = R"({"alg":"ES256","kid":"ES256","b64":false,"crit":["b64"]})";
  CHECK(refusal(signed_as_is(key, header, payload())) == reason::kUnencodedPayload);
}

TEST_CASE("jose/threats: a key that the token brings along is neither used nor fetched") {
  const auto& attacker = signing_key(Algorithm::eddsa);
  const auto jwk = jose::to_jwk(attacker.key.public_key(), "ES256", attacker.alg);
  const std::pair<const char*, json::Value> members[] = {{"jwk", json::Value(jwk)},
                                                         {"jwk", nullptr},
                                                         {"jku", "https://evil.example/keys"},
                                                         {"x5u", "https://evil.example/chain"},
                                                         {"x5c", json::Array{"MIIB"}}};
  for (const auto& [name, value] : members) {
    CAPTURE(name);
    json::Object header{{"alg", "EdDSA"}, {"kid", "ES256"}, {name, value}};
    CHECK(refusal(signed_as_is(attacker, json::write(header), payload())) == reason::kEmbeddedKey);
    CHECK(refusal(with_member(name, value)) == reason::kEmbeddedKey);
  }
}

TEST_CASE("jose/threats: a kid that is a path, SQL or a shell word is only an unknown name") {
  for (const auto* kid : {"../../../../dev/null", "/dev/null", "' OR '1'='1", "x; rm -rf /",
                          "https://evil.example/key", "ES256 ", "es256", "ES25", "*", "%00"}) {
    CAPTURE(kid);
    const auto report = judge(with_member("kid", kid));
    CHECK(report.verdict == Verdict::unverifiable);
    CHECK(report.first_failure()->reason == reason::kUnknownKid);
    CHECK(report.claims.is_null());
  }
}

TEST_CASE("jose/threats: a kid with NUL, of 10 KB, empty or no string at all is malformed") {
  CHECK(refusal(with_member("kid", std::string(10'240, 'k'))) == reason::kMalformed);
  CHECK(refusal(with_member("kid", "")) == reason::kMalformed);
  CHECK(refusal(with_member("kid", 1)) == reason::kMalformed);
  CHECK(refusal(with_member("kid", nullptr)) == reason::kMalformed);
  const std::string nul = R"({"alg":"ES256","kid":"ES256\u0000"})";
  CHECK(refusal(signed_as_is(signing_key(Algorithm::es256), nul, payload())) == reason::kMalformed);
}

TEST_CASE("jose/threats: an empty kid does not find the key that has none") {
  const auto& key = signing_key(Algorithm::es256);
  const jose::KeySet set({{.key = key.key.public_key()}});
  CHECK(refusal(judge(with_member("kid", ""), set)) == reason::kMalformed);
}

TEST_CASE("jose/threats: huge nesting is refused in header and claims") {
  const std::string deep = std::string(20'000, '[') + std::string(20'000, ']');
  CHECK(refusal(with_payload("{\"exp\":" + deep + "}")) == reason::kMalformed);
  const std::string header = R"({"alg":"ES256","kid":"ES256","x":)" + deep + "}";
  CHECK(refusal(signed_as_is(signing_key(Algorithm::es256), header, "{}")) == reason::kMalformed);
}

TEST_CASE("jose/threats: a token of more than 64 KiB is not even read") {
  CHECK(refusal(with_claim("x", std::string(70'000, 'x'))) == reason::kTooLarge);
}

TEST_CASE("jose/threats: white space, line ends and padding around or in a token are refused") {
  const auto good = jose::sign_jwt(signing_key(Algorithm::es256), "at+jwt", good_claims()).value();
  REQUIRE(judge(good).verdict == Verdict::valid);
  for (const auto& token :
       {" " + good, good + " ", good + "\n", good + "\r\n", "\t" + good, good + "=",
        good + "==", "Bearer " + good, good + ".", "." + good, good + std::string(1, '\0')}) {
    CHECK(refusal(token) == reason::kMalformed);
  }
  auto inner = good;
  inner.insert(inner.find('.'), "=");
  CHECK(refusal(inner) == reason::kMalformed);
}

TEST_CASE("jose/threats: a signature has one encoding only") {
  const auto good = jose::sign_jwt(signing_key(Algorithm::eddsa), "at+jwt", good_claims()).value();
  REQUIRE(judge(good, Algorithm::eddsa).verdict == Verdict::valid);
  // 64 bytes are 86 characters, whose last one has four unused bits: no other value of them passes.
  for (const char last :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    auto token = good;
    token.back() = last;
    if (token == good) continue;
    CHECK(judge(token, Algorithm::eddsa).verdict == Verdict::invalid);
  }
}

TEST_CASE("jose/threats: the psychic signature of r = s = 0 is refused on every curve") {
  for (const auto alg : {Algorithm::es256, Algorithm::es384, Algorithm::es512}) {
    const std::size_t size = alg == Algorithm::es256 ? 64 : alg == Algorithm::es384 ? 96 : 132;
    const std::string header = json::write(header_of(signing_key(alg)));
    CHECK(refusal(forged(header, payload(), Bytes(size)), alg) == reason::kBadSignature);
  }
}

TEST_CASE("jose/threats: an ECDSA signature as DER instead of r and s is refused") {
  const auto& key = signing_key(Algorithm::es256);
  const std::string header = json::write(header_of(key));
  const std::string input =
      base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload()));
  const auto raw = key.key.sign(key.alg, bytes_of(input)).value();
  Bytes der{0x30, 0x44};
  for (const std::size_t half : {std::size_t{0}, std::size_t{32}}) {
    const auto number = BytesView(raw).subspan(half, 32);
    const bool high = (number.front() & 0x80U) != 0;
    der.push_back(0x02);
    der.push_back(high ? 33 : 32);
    if (high) {
      der.push_back(0);
      ++der[1];
    }
    der.insert(der.end(), number.begin(), number.end());
  }
  CHECK(refusal(input + "." + base64url::encode(der)) == reason::kBadSignature);
  CHECK(judge(input + "." + base64url::encode(raw)).verdict == Verdict::valid);
}

TEST_CASE("jose/threats: r and s that are too long, too short or swapped are refused") {
  const auto& key = signing_key(Algorithm::es256);
  const std::string header = json::write(header_of(key));
  const std::string input =
      base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload()));
  const auto raw = key.key.sign(key.alg, bytes_of(input)).value();
  Bytes longer = raw;
  longer.insert(longer.begin(), 0);
  longer.insert(longer.begin() + 33, 0);
  Bytes swapped(raw.begin() + 32, raw.end());
  swapped.insert(swapped.end(), raw.begin(), raw.begin() + 32);
  for (const auto& signature : {longer, swapped, Bytes(raw.begin(), raw.end() - 1), Bytes{}}) {
    CHECK(refusal(input + "." + base64url::encode(signature)) == reason::kBadSignature);
  }
}

TEST_CASE("jose/threats: an RSA key for PS256 does not take RS256, nor the reverse") {
  const auto& key = signing_key(Algorithm::rs256);
  const auto open = key.key.public_key();
  const jose::KeySet pss({{.key = open, .kid = key.kid, .alg = Algorithm::ps256}});
  const auto token = jose::sign_jwt(key, "at+jwt", good_claims()).value();
  CHECK(refusal(judge(token, pss)) == reason::kAlgMismatch);
  // The same key with no alg takes all six, each by its own rules.
  const jose::KeySet any({{.key = open, .kid = key.kid}});
  CHECK(judge(token, any).verdict == Verdict::valid);
  const std::string relabelled = R"({"alg":"PS256","kid":"RS256"})";
  CHECK(refusal(judge(signed_as_is(key, relabelled, payload()), any)) == reason::kBadSignature);
}

TEST_CASE("jose/threats: the header cannot choose another kind of algorithm than the key's") {
  for (const auto* alg : {"RS256", "PS256", "EdDSA", "ES384", "ES512"}) {
    CAPTURE(alg);
    const std::string header = R"({"alg":")" + std::string(alg) + R"(","kid":"ES256"})";
    CHECK(refusal(signed_as_is(signing_key(Algorithm::es256), header, payload())) ==
          reason::kAlgMismatch);
  }
}

TEST_CASE("jose/threats: an encrypted or compressed token is refused as what it is") {
  CHECK(refusal("e30.e30.e30.e30.e30") == reason::kEncrypted);
  CHECK(refusal(with_member("enc", "A256GCM")) == reason::kEncrypted);
  CHECK(refusal(with_member("zip", "DEF")) == reason::kEncrypted);
}

TEST_CASE("jose/threats: a changed header, payload or signature is refused") {
  const auto& key = signing_key(Algorithm::es256);
  const auto good = jose::sign_jwt(key, "at+jwt", good_claims()).value();
  const auto other = jose::sign_jwt(key, "at+jwt", {{"exp", 1}}).value();
  const auto cut = [](const std::string& token) {
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    return std::array{token.substr(0, first), token.substr(first + 1, second - first - 1),
                      token.substr(second + 1)};
  };
  const auto a = cut(good);
  const auto b = cut(other);
  CHECK(refusal(a[0] + "." + a[1] + "." + b[2]) == reason::kBadSignature);
  CHECK(refusal(b[0] + "." + a[1] + "." + b[2]) == reason::kBadSignature);
  const std::string header = base64url::encode(bytes_of(R"({"kid":"ES256","alg":"ES256"})"));
  CHECK(refusal(header + "." + a[1] + "." + a[2]) == reason::kBadSignature);
}
