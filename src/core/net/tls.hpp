#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "core/net/server.hpp"

namespace mcpauth::net {

/// A server context for TLS 1.2 and later. The key file must not be readable by others, not be
/// encrypted and belong to the certificate; the Error names the file.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls(const Tls& files);

}  // namespace mcpauth::net
