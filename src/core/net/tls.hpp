#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "core/net/server.hpp"

namespace mcpauth::net {

/// A server context for TLS 1.2 and later. The key must belong to the certificate and must not be
/// encrypted, and its file must not be readable by others. The Error names the file.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls(const Tls& files);

}  // namespace mcpauth::net
