#include <filesystem>
#include <memory>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core/net/server.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::net {
namespace {

using test::Answer;
using test::RawClient;
using test::RunningServer;
using test::TempDir;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_vfree>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL_free>>;

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A key and a certificate that it has signed itself, as PEM files.
struct SelfSigned {
  SelfSigned() : key(EVP_EC_gen("P-256")) {
    const Certificate certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const Memory pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(pem.get(), certificate.get());
    certificate_file = directory.write("cert.pem", text_of(pem.get()));
    key_file = directory.write("key.pem", key_pem(nullptr));
  }

  std::string key_pem(const char* passphrase) const {
    const Memory pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(pem.get(), key.get(), passphrase ? EVP_aes_128_cbc() : nullptr,
                                  passphrase, passphrase ? 4 : 0, nullptr, nullptr);
    return text_of(pem.get());
  }

  ServerOptions options() const {
    ServerOptions options;
    options.tls =
        std::make_unique<Tls>(Tls{.certificate_file = certificate_file, .key_file = key_file});
    return options;
  }

  TempDir directory;
  Key key;
  std::string certificate_file;
  std::string key_file;
};

Answer ok() {
  return Answer([](const Request& request) {
    return test::text_response("secure " + std::string(request.target));
  });
}

/// A TLS client of at most this version; `session` is null when the handshake fails.
struct TlsClient {
  TlsClient(std::uint16_t port, int version, std::string_view protocols = {})
      : raw(port), context(SSL_CTX_new(TLS_client_method())), session(SSL_new(context.get())) {
    SSL_set_security_level(session.get(), 0);
    SSL_set_min_proto_version(session.get(), TLS1_VERSION);
    SSL_set_max_proto_version(session.get(), version);
    if (!protocols.empty()) {
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes to OpenSSL's bytes
      const auto* bytes = reinterpret_cast<const unsigned char*>(protocols.data());
      SSL_set_alpn_protos(session.get(), bytes, static_cast<unsigned>(protocols.size()));
    }
    SSL_set_fd(session.get(), raw.socket());
    if (SSL_connect(session.get()) != 1) session.reset();
  }

  std::string ask(std::string_view request) const {
    SSL_write(session.get(), request.data(), static_cast<int>(request.size()));
    std::string got;
    std::array<char, 4096> part{};
    int count = 0;
    while ((count = SSL_read(session.get(), part.data(), part.size())) > 0) {
      got.append(part.data(), static_cast<std::size_t>(count));
    }
    clean_end = SSL_get_error(session.get(), count) == SSL_ERROR_ZERO_RETURN;
    return got;
  }

  RawClient raw;
  Context context;
  Session session;
  mutable bool clean_end = false;
};

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("net/tls: requests are served over TLS 1.2 and 1.3, and the end is announced") {
  const SelfSigned files;
  auto handler = ok();
  const RunningServer server(handler, files.options());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsClient client(server.port(), version, "\x08http/1.1");
    REQUIRE(client.session);
    CHECK(SSL_version(client.session.get()) == version);
    CHECK(client.ask(kGet).ends_with("\r\n\r\nsecure /x"));
    CHECK(client.clean_end);
  }
}

TEST_CASE("net/tls: a protocol that we do not speak and TLS 1.1 are refused") {
  const SelfSigned files;
  auto handler = ok();
  const RunningServer server(handler, files.options());
  CHECK_FALSE(TlsClient(server.port(), TLS1_1_VERSION).session);
  CHECK_FALSE(TlsClient(server.port(), TLS1_3_VERSION, "\x02h2").session);
  CHECK(TlsClient(server.port(), TLS1_3_VERSION, "\x02h2\x08http/1.1").session);
}

TEST_CASE("net/tls: a handshake that is not made in time ends the connection") {
  const SelfSigned files;
  auto handler = ok();
  auto options = files.options();
  options.limits.header_time = std::chrono::milliseconds(200);
  const RunningServer server(handler, std::move(options));
  RawClient client(server.port());
  CHECK(client.closes());
}

TEST_CASE("net/tls: plain HTTP on a TLS port is refused") {
  const SelfSigned files;
  auto handler = ok();
  const RunningServer server(handler, files.options());
  RawClient client(server.port());
  CHECK(client.ask(kGet).status == 0);
}

TEST_CASE("net/tls: a key that others can read is refused") {
  const SelfSigned files;
  std::filesystem::permissions(files.key_file, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  auto handler = ok();
  const auto server = Server::open(files.options(), handler);
  REQUIRE_FALSE(server);
  CHECK(server.error().message.find(files.key_file) != std::string::npos);
}

TEST_CASE("net/tls: a wrong or encrypted key and a missing certificate name the file") {
  const SelfSigned files;
  const SelfSigned other;
  auto handler = ok();
  auto swapped = files.options();
  swapped.tls->key_file = other.key_file;
  auto encrypted = files.options();
  encrypted.tls->key_file = files.directory.write("enc.pem", files.key_pem("pass"));
  auto no_certificate = files.options();
  no_certificate.tls->certificate_file = files.key_file;
  for (auto* options : {&swapped, &encrypted}) {
    const std::string key_file = options->tls->key_file;
    const auto server = Server::open(std::move(*options), handler);
    REQUIRE_FALSE(server);
    CHECK(server.error().message == "`" + key_file + "`: no private key of the certificate in `" +
                                        files.certificate_file + "`");
  }
  const auto server = Server::open(std::move(no_certificate), handler);
  REQUIRE_FALSE(server);
  CHECK(server.error().message == "`" + files.key_file + "`: no PEM certificate chain");
}

}  // namespace mcpauth::net
