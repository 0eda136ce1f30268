#include "core/crypto/digest.hpp"

#include <set>

#include <doctest/doctest.h>

#include "support/fakes.hpp"
#include "support/hex.hpp"

using namespace mcpauth;

TEST_CASE("crypto/digest: SHA-256 gives the digests of FIPS 180-4's examples") {
  const auto of = [](std::string_view text) {
    const auto digest = crypto::sha256(bytes_of(text));
    return Bytes(digest.begin(), digest.end());
  };
  CHECK(of("abc") ==
        test::from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  CHECK(of("") ==
        test::from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST_CASE("crypto/digest: equal compares content and length") {
  CHECK(crypto::equal(bytes_of("abc"), bytes_of("abc")));
  CHECK(crypto::equal({}, {}));
  CHECK(!crypto::equal(bytes_of("abc"), bytes_of("abd")));
  CHECK(!crypto::equal(bytes_of("abc"), bytes_of("abcd")));
}

TEST_CASE("crypto/digest: an id is 128 bits of the given randomness in base64url") {
  test::CountingRandom random;
  CHECK(crypto::random_id(random) == "AAECAwQFBgcICQoLDA0ODw");
}

TEST_CASE("crypto/digest: the system's randomness does not repeat") {
  crypto::SystemRandom random;
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i)
    ids.insert(crypto::random_id(random));
  CHECK(ids.size() == 1000);
}
