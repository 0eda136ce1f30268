#include "core/crypto/pem.hpp"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "core/base/reason.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::crypto::pem {
namespace {

using Pkcs8 = ossl::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using EncryptedPkcs8 = ossl::Owned<X509_SIG, X509_SIG_free>;
using Algor = ossl::Owned<X509_ALGOR, X509_ALGOR_free>;

constexpr int kIterations = 600'000;  // of PBKDF2; about 0.2 s per guess and per load
constexpr int kSaltBytes = 16;

Error not_pem(std::string message) {
  return Error{.code = Errc::input, .message = std::move(message), .reason = reason::kKeyInvalid};
}

/// Removes one block from the front of `text` and returns its label. Empty when there is none.
std::string_view take_block(std::string_view& text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kDashes = "-----";
  if (!text.starts_with(kBegin)) return {};
  const std::string_view rest = text.substr(kBegin.size());
  const auto label_end = rest.find(kDashes);
  if (label_end == std::string_view::npos) return {};
  const std::string_view label = rest.substr(0, label_end);
  const std::string end = text::format("-----END {}-----", label);
  const auto close = rest.find(end);
  if (close == std::string_view::npos) return {};
  text = text::trimmed(rest.substr(close + end.size()));
  return label;
}

struct Passphrase {
  const Secret& secret;
  bool asked = false;
};

int give_passphrase(char* buffer, int size, int, void* data) {
  auto& passphrase = *static_cast<Passphrase*>(data);
  passphrase.asked = true;
  const auto text = passphrase.secret.reveal_text();
  if (text.empty() || text.size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(text, buffer);
  return static_cast<int>(text.size());
}

Result<EncryptedPkcs8> encrypt(PKCS8_PRIV_KEY_INFO* info, const Secret& passphrase) {
  Algor scheme(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kIterations, nullptr, kSaltBytes, nullptr,
                                 NID_hmacWithSHA256));
  if (!scheme) return ossl::failure("encrypt the key");
  const auto text = passphrase.reveal_text();
  EncryptedPkcs8 encrypted(
      PKCS8_set0_pbe(text.data(), static_cast<int>(text.size()), info, scheme.get()));
  if (!encrypted) return ossl::failure("encrypt the key");
  std::ignore = scheme.release();  // `encrypted` owns it now
  return encrypted;
}

}  // namespace

Result<void> check_frame(std::string_view text, std::string_view label) {
  std::string_view rest = text::trimmed(text);
  std::string_view found = take_block(rest);
  if (found == "EC PARAMETERS" && label == "PRIVATE KEY") found = take_block(rest);
  if (found.empty()) return not_pem("this is not a PEM block");
  if (!found.ends_with(label)) {
    return not_pem(text::format("the PEM holds a `{}`, not a {}", found, label));
  }
  if (!rest.empty()) return not_pem("there is something after the PEM block");
  return {};
}

int no_passphrase(char*, int, int, void*) {
  return -1;
}

std::string_view content(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

Result<ossl::Pkey> read_private(const Secret& text, const Secret& passphrase) {
  TRY_VOID(check_frame(text.reveal_text(), "PRIVATE KEY"));
  const auto bytes = text.reveal();
  const ossl::Bio bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  if (!bio) return ossl::failure("read the PEM");
  Passphrase asked{.secret = passphrase};
  ossl::Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &asked));
  if (key) return key;
  if (asked.asked && passphrase.empty()) {
    ERR_clear_error();
    return Error{.code = Errc::needs_person,
                 .message = "the key is encrypted with a passphrase",
                 .hint = "give the passphrase too, or a key that is not encrypted"};
  }
  if (asked.asked) {
    ERR_clear_error();
    return not_pem("the passphrase does not open the key, or the key is damaged");
  }
  return not_pem(ossl::failure("read the private key").message);
}

Result<Secret> write_private(const EVP_PKEY* key, const Secret& passphrase) {
  const Pkcs8 info(EVP_PKEY2PKCS8(key));
  const ossl::Bio bio(BIO_new(BIO_s_mem()));  // wiped when it is freed
  if (!info || !bio) return ossl::failure("write the key");
  int written = 0;
  if (passphrase.empty()) {
    written = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), info.get());
  } else {
    TRY(const auto encrypted, encrypt(info.get(), passphrase));
    written = PEM_write_bio_PKCS8(bio.get(), encrypted.get());
  }
  if (written != 1) return ossl::failure("write the key");
  return Secret::copy_of(content(bio.get()));
}

}  // namespace mcpauth::crypto::pem
