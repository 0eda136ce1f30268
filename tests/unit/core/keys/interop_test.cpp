#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): WEXITSTATUS

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/keys/material.hpp"
#include "core/keys/store.hpp"
#include "help.hpp"
#include "support/temp_dir.hpp"

// The openssl program and we read each other's keys.
namespace mcpauth::keys {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPassphrase = "correct horse";

int openssl(const std::string& arguments) {
  return ::system(("openssl " + arguments + " >/dev/null 2>&1").c_str());
}

bool has_openssl() {
  if (openssl("version") == 0) return true;
  MESSAGE("skipped: there is no openssl program");
  return false;
}

/// What `openssl pkey` says the public key of a private one is.
std::string public_pem(const fs::path& key, const fs::path& out) {
  REQUIRE(openssl("pkey -in " + key.string() + " -passin pass:'" + std::string(kPassphrase) +
                  "' -pubout -out " + out.string()) == 0);
  return read_file(out).value();
}

}  // namespace

TEST_CASE("keys/interop: keys made by openssl are read, plain and encrypted") {
  if (!has_openssl()) return;
  const mcpauth::test::TempDir dir;
  const std::string_view kinds[] = {
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521",
      "genpkey -algorithm ED25519",
      "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
      "ecparam -name prime256v1 -genkey",
      "genrsa -traditional",
  };
  for (const auto kind : kinds) {
    CAPTURE(kind);
    const auto plain = dir / "key.pem";
    const auto sealed = dir / "sealed.pem";
    REQUIRE(openssl(std::string(kind) + " -out " + plain.string()) == 0);
    REQUIRE(openssl("pkcs8 -topk8 -in " + plain.string() + " -passout pass:'" +
                    std::string(kPassphrase) + "' -out " + sealed.string()) == 0);
    const auto expected = public_pem(plain, dir / "public.pem");
    for (const auto& path : {plain, sealed}) {
      fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
      const auto material =
          read_material(read_secret_file(path).value(), Secret::copy_of(kPassphrase));
      REQUIRE(material);
      CHECK(material->private_key);
      CHECK(material->keys[0].key.to_pem() == expected);
    }
    CHECK(read_material(Secret::copy_of(expected), {})->keys[0].key.to_pem() == expected);
  }
}

TEST_CASE("keys/interop: openssl reads our keys, plain, encrypted and out of a ring") {
  if (!has_openssl()) return;
  const mcpauth::test::TempDir dir;
  struct Case {
    crypto::Algorithm alg;
    crypto::KeyType type;
  };
  for (const Case& kind : {Case{crypto::Algorithm::es256, crypto::KeyType::p256},
                           Case{crypto::Algorithm::es512, crypto::KeyType::p521},
                           Case{crypto::Algorithm::eddsa, crypto::KeyType::ed25519},
                           Case{crypto::Algorithm::ps256, crypto::KeyType::rsa}}) {
    CAPTURE(crypto::name(kind.alg));
    const auto key = test::new_key(kind.alg, kind.type);
    const auto expected = key.key.public_key().to_pem();
    const auto plain = dir.write("plain.pem", key.key.to_pem()->reveal_text());
    CHECK(public_pem(plain, dir / "public.pem") == expected);
    const auto sealed =
        dir.write("sealed.pem", key.key.to_pem(Secret::copy_of(kPassphrase))->reveal_text());
    CHECK(public_pem(sealed, dir / "public.pem") == expected);
    CHECK(openssl("pkey -noout -passin pass:wrong -in " + sealed.string()) != 0);

    const auto keys = dir / key.kid;
    REQUIRE(Ring::create(keys, key, test::kStart));
    CHECK(public_pem(store::private_path(keys, key.kid), dir / "public.pem") == expected);
  }
}

}  // namespace mcpauth::keys
