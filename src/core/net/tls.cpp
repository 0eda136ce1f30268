#include "core/net/tls.hpp"

#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/net/tls_library.hpp"

namespace mcpauth::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr std::array<unsigned char, 9> kHttp11 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// NOLINTNEXTLINE(readability-function-size): OpenSSL gives the parameters
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp11.data(), kHttp11.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

Error unusable(const std::string& file, std::string_view what, std::string hint) {
  ERR_clear_error();  // so that no later call on this thread reports it
  return Error{.code = Errc::config,
               .message = text::format("`{}`: {}", file, what),
               .hint = std::move(hint)};
}

}  // namespace

Result<std::unique_ptr<ssl::context>> make_tls(const Tls& files) {
  TRY(const auto certificate, read_file(files.certificate_file));
  TRY(const auto key, read_secret_file(files.key_file));
  if (!have_libssl()) {
    return Error{.code = Errc::config,
                 .message = "TLS cannot be served without libssl",
                 .hint = "install OpenSSL's libssl, as in `apt-get install libssl3`"};
  }
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  SSL_CTX* raw = context->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(
      raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  error_code ec;
  context->use_certificate_chain(boost::asio::buffer(certificate), ec);
  if (ec) {
    return unusable(files.certificate_file, "no PEM certificate chain",
                    "give the certificate first and its issuers after it, in PEM");
  }
  // Without a callback OpenSSL would ask for a passphrase on the terminal.
  context->set_password_callback(
      [](std::size_t, ssl::context::password_purpose) { return std::string(); }, ec);
  context->use_private_key(boost::asio::buffer(key.reveal().data(), key.reveal().size()),
                           ssl::context::pem, ec);
  if (ec) {
    return unusable(files.key_file,
                    "no private key of the certificate in `" + files.certificate_file + "`",
                    "give the certificate's own key as an unencrypted PEM");
  }
  return context;
}

}  // namespace mcpauth::net
