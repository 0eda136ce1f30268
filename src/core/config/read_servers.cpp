#include "core/base/ttl.hpp"
#include "core/config/read.hpp"

namespace mcpauth::config {

Issuer read_issuer(const Section& section) {
  static constexpr std::string_view kKeys[] = {"url", "keys", "ttl"};
  Reader reader(section, kKeys);
  Issuer issuer;
  issuer.url = reader.text("url", Need::required, issuer_form);
  issuer.keys = reader.path("keys", Need::required);
  issuer.ttl = reader.duration_or("ttl", issuer.ttl, kMinTtl, kMaxTtl);
  return issuer;
}

Proxy read_proxy(const Section& section) {
  static constexpr std::string_view kKeys[] = {"listen", "public_url", "admin"};
  Reader reader(section, kKeys);
  Proxy proxy;
  proxy.listen = reader.text("listen", Need::required, listen_form);
  proxy.public_url = reader.text("public_url", Need::required, public_form);
  proxy.admin = reader.text("admin", Need::optional, listen_form);
  if (!proxy.admin.empty() && proxy.admin == proxy.listen && !proxy.admin.ends_with(":0")) {
    reader.problem("admin", "`admin` is the public listener too",
                   "give it an address of its own, on loopback");
  }
  return proxy;
}

Server read_server(const Section& section) {
  static constexpr std::string_view kKeys[] = {"name", "path", "upstream", "audience"};
  Reader reader(section, kKeys);
  Server server;
  server.name = reader.text("name", Need::required, name_form);
  server.path = reader.text("path", Need::required, server_path_form);
  server.upstream = reader.text("upstream", Need::required, upstream_form);
  server.audience = reader.text("audience", Need::optional);
  return server;
}

}  // namespace mcpauth::config
