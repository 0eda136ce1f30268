#pragma once

#include <memory>
#include <string>

#include "core/dev/idp/idp.hpp"
#include "core/net/server.hpp"

namespace mcpauth::dev::idp {

/// The development IdP with its server.
class Service {
 public:
  /// Listens on a loopback address only. The issuer is its URL. `clock` must outlive the service.
  static Result<std::unique_ptr<Service>> open(net::ServerOptions where, Options options,
                                               jose::SigningKey key, const Clock& clock);

  const std::string& issuer() const { return issuer_; }
  net::Server& server() { return *server_; }

 private:
  /// Forwards to the IdP, which is made after the server: only then the port, and so the issuer, is
  /// known.
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
