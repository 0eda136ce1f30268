#include "core/dev/idp/service.hpp"

#include "core/codec/format.hpp"

namespace mcpauth::dev::idp {

Result<std::unique_ptr<Service>> Service::open(net::ServerOptions where, Options options,
                                               jose::SigningKey key, const Clock& clock) {
  const bool v6 = where.address.find(':') != std::string::npos;
  const auto host = v6 ? text::format("[{}]", where.address) : where.address;
  if (!is_loopback_host(host)) return not_loopback(host);
  std::unique_ptr<Service> service(new Service);
  TRY(service->server_, net::Server::open(std::move(where), service->handler_));
  service->issuer_ = text::format("http://{}:{}", host, service->server_->port());
  options.issuer = service->issuer_;
  TRY(service->handler_.idp, Idp::make(std::move(options), std::move(key), clock));
  return service;
}

}  // namespace mcpauth::dev::idp
