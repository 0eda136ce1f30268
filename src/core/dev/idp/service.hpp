#pragma once

#include <memory>
#include <string>

#include "core/dev/idp/idp.hpp"
#include "core/net/server.hpp"

namespace mcpauth::dev::idp {

/// The development IdP with its server.
class Service {
 public:
  /// Listens on a loopback address, and on no other; the issuer is its URL. `clock` must outlive
  /// it.
  static Result<std::unique_ptr<Service>> open(net::ServerOptions where, Options options,
                                               jose::SigningKey key, const Clock& clock);

  const std::string& issuer() const { return issuer_; }
  net::Server& server() { return *server_; }

 private:
  /// The port, and so the issuer, is known only when the server is there.
  class Late final : public net::Handler {
   public:
    net::Response handle(const net::Request& request) override { return idp->handle(request); }
    std::unique_ptr<Idp> idp;
  };

  Service() = default;

  std::string issuer_;
  Late handler_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace mcpauth::dev::idp
