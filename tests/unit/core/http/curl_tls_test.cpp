#include <array>
#include <memory>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core/base/reason.hpp"
#include "core/http/curl_client.hpp"
#include "support/hostile_server.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::http {
namespace {

using namespace std::chrono_literals;

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

struct Options {
  const char* names = "DNS:localhost,IP:127.0.0.1";  ///< subjectAltName
  long lifetime = 3600;                              ///< seconds from now
  int version = TLS1_3_VERSION;                      ///< the highest it speaks
  bool leaves = false;                               ///< after the handshake
};

/// An HTTPS server with a certificate that it signed itself, keeping connections open.
class TlsServer {
 public:
  explicit TlsServer(const Options& options)
      : context_(context(options)),
        leaves_(options.leaves),
        server_([this](int socket) { serve(socket); }) {}

  std::string url(std::string_view host = "127.0.0.1") const {
    return "https://" + std::string(host) + ":" + std::to_string(server_.port()) + "/";
  }
  std::string ca_file() const { return directory_ / "cert.pem"; }
  int connections() const { return server_.connections(); }
  int requests() const { return requests_; }

 private:
  Context context(const Options& options) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), options.lifetime);
    X509_set_pubkey(certificate.get(), key.get());
    auto* name = X509_get_subject_name(certificate.get());
    const std::string_view text_of_name = "test";
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(text_of_name.data()), 4, -1,
                               0);
    X509_set_issuer_name(certificate.get(), name);
    auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, options.names);
    X509_add_ext(certificate.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate.get(), key.get(), EVP_sha256());

    const Memory pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(pem.get(), certificate.get());
    char* text = nullptr;
    const auto size = BIO_get_mem_data(pem.get(), &text);
    directory_.write("cert.pem", {text, static_cast<std::size_t>(size)});

    Context out(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_security_level(out.get(), 0);
    SSL_CTX_set_min_proto_version(out.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(out.get(), options.version);
    SSL_CTX_use_certificate(out.get(), certificate.get());
    SSL_CTX_use_PrivateKey(out.get(), key.get());
    return out;
  }

  void serve(int socket) {
    const Session session(SSL_new(context_.get()));
    SSL_set_fd(session.get(), socket);
    if (SSL_accept(session.get()) != 1 || leaves_) return;
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure";
    std::array<char, 4096> block{};
    while (SSL_read(session.get(), block.data(), block.size()) > 0) {
      ++requests_;
      SSL_write(session.get(), kAnswer.data(), static_cast<int>(kAnswer.size()));
    }
  }

  test::TempDir directory_;
  Context context_;
  const bool leaves_;
  std::atomic<int> requests_{0};
  test::HostileServer server_;
};

Request local(std::string url) {
  return {.url = std::move(url), .reach = Reach::loopback_too, .timeout = 1500ms};
}

/// Why a server of these options is not talked to by a client that trusts its certificate.
Error refused(const Options& options, std::string_view host = "127.0.0.1") {
  const TlsServer server(options);
  const auto client = make_client({.ca_file = server.ca_file()});
  const auto got = client->send(local(server.url(host)));
  CHECK(server.requests() == 0);
  REQUIRE(!got);
  CHECK(got.error().code == Errc::network);
  return got.error();
}

}  // namespace

TEST_CASE("http/curl_client: a certificate of a trusted CA is accepted, by name and address") {
  const TlsServer server({});
  const auto client = make_client({.ca_file = server.ca_file()});
  for (const auto* host : {"127.0.0.1", "localhost"}) {
    CAPTURE(host);
    const auto got = client->send(local(server.url(host)));
    REQUIRE_MESSAGE(got, (got ? "" : got.error().why));
    CHECK(got->body == "secure");
  }
}

TEST_CASE("http/curl_client: a certificate that nobody vouches for gets no request") {
  const TlsServer server({});
  const auto client = make_client();
  const auto got = client->send(local(server.url()));
  REQUIRE(!got);
  CHECK(got.error().code == Errc::network);
  CHECK(got.error().message == "the certificate of `127.0.0.1` is not trusted");
  CHECK(got.error().hint.find("SSL_CERT_FILE") != std::string::npos);
  CHECK(server.requests() == 0);
}

TEST_CASE("http/curl_client: a trusted certificate of another name or time gets no request") {
  CHECK(refused({.names = "DNS:other.example"}, "localhost").message ==
        "the certificate of `localhost` is not trusted");
  CHECK(refused({.names = "IP:127.0.0.2"}).message ==
        "the certificate of `127.0.0.1` is not trusted");
  CHECK(refused({.lifetime = -3600}).message == "the certificate of `127.0.0.1` is not trusted");
}

TEST_CASE("http/curl_client: TLS before 1.2 is not spoken") {
  CHECK(refused({.version = TLS1_1_VERSION}).message.starts_with("talking to `127.0.0.1` failed"));
  const TlsServer server({.version = TLS1_2_VERSION});
  const auto client = make_client({.ca_file = server.ca_file()});
  CHECK(client->send(local(server.url())));
}

TEST_CASE("http/curl_client: a TLS server that leaves amid the request does not end the process") {
  const TlsServer server({.leaves = true});
  const auto client = make_client({.ca_file = server.ca_file()});
  auto request = local(server.url());
  request.method = "POST";
  request.body = Secret(8 << 20);
  for (int i = 0; i < 5; ++i) {
    const auto got = client->send(request);
    REQUIRE(!got);
    CHECK(got.error().code == Errc::network);
  }
}

TEST_CASE("http/curl_client: a CA file that is not there is an error, not the system's CAs") {
  const TlsServer server({});
  const auto client = make_client({.ca_file = server.ca_file() + ".missing"});
  const auto got = client->send(local(server.url()));
  REQUIRE(!got);
  CHECK(got.error().message == "the CA file cannot be read");
}

TEST_CASE("http/curl_client: an open loopback connection does not serve the stricter reach") {
  const TlsServer server({});
  const auto client = make_client({.ca_file = server.ca_file()});
  for (int i = 0; i < 2; ++i)
    REQUIRE(client->send(local(server.url())));
  CHECK(server.connections() == 1);
  const auto got = client->send({.url = server.url()});
  REQUIRE(!got);
  CHECK(got.error().reason == reason::kAddressForbidden);
  CHECK(server.requests() == 2);
}

TEST_CASE("http/curl_client: a connection is not shared between reaches of other networks") {
  const TlsServer server({});
  const auto client = make_client({.ca_file = server.ca_file()});
  auto request = local(server.url());
  int connections = 0;
  for (const auto* cidr : {"10.1.0.0/16", "10.2.0.0/16"}) {
    request.reach.networks = {*Network::parse(cidr)};
    ++connections;
    for (int i = 0; i < 2; ++i) {
      REQUIRE(client->send(request));
      CHECK(server.connections() == connections);
    }
  }
  request.reach.networks.clear();
  REQUIRE(client->send(request));
  CHECK(server.connections() == connections + 1);
}

}  // namespace mcpauth::http
