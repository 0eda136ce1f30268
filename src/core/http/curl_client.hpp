#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/http/client.hpp"

namespace mcpauth::http {

struct ClientSettings {
  /// PEM file of the CAs to trust in place of the system's (from CURL_CA_BUNDLE or SSL_CERT_FILE).
  std::string ca_file = {};
  /// The environment variable that names a proxy, if one is set. Only used in the hint of an error.
  std::string proxy_variable = {};
  /// For every request, in place of its own.
  std::optional<std::chrono::milliseconds> timeout = {};
};

/// A client on top of libcurl. The library is opened with the first request, so a program that
/// sends none does not need it. Every resolved address passes the address guard before it is
/// dialled. Proxy variables of the environment are not used. May be used from several threads.
std::unique_ptr<Client> make_client(ClientSettings settings = {});

}  // namespace mcpauth::http
