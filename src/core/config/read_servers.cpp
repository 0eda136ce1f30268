#include "core/base/ttl.hpp"
#include "core/config/read.hpp"

namespace mcpauth::config {

Issuer read_issuer(Reader& reader) {
  Issuer issuer;
  issuer.url = reader.text("url", Need::required, issuer_form);
  issuer.keys = reader.path("keys", Need::required);
  issuer.ttl = reader.duration_or("ttl", issuer.ttl, kMinTtl, kMaxTtl);
  reader.finish();
  return issuer;
}

Proxy read_proxy(Reader& reader) {
  Proxy proxy;
  proxy.listen = reader.text("listen", Need::required, listen_form);
  proxy.public_url = reader.text("public_url", Need::required, public_form);
  proxy.admin = reader.text("admin", Need::optional, listen_form);
  reader.finish();
  if (!proxy.admin.empty() && proxy.admin == proxy.listen && !proxy.admin.ends_with(":0")) {
    reader.problem("admin", "`admin` is the public listener too",
                   "give it an address of its own, on loopback");
  }
  return proxy;
}

Server read_server(Reader& reader) {
  Server server;
  server.name = reader.text("name", Need::required, name_form);
  server.path = reader.text("path", Need::required, server_path_form);
  server.upstream = reader.text("upstream", Need::required, upstream_form);
  server.audience = reader.text("audience", Need::optional);
  reader.finish();
  return server;
}

}  // namespace mcpauth::config
