#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/http/client.hpp"

namespace mcpauth::http {

struct ClientSettings {
  /// PEM file of the trusted CAs instead of the system's (what CURL_CA_BUNDLE or SSL_CERT_FILE
  /// name).
  std::string ca_file = {};
  /// The environment variable that names a proxy, where one is set: only for what is said of a host
  /// that cannot be reached.
  std::string proxy_variable = {};
  /// For every request, in place of its own.
  std::optional<std::chrono::milliseconds> timeout = {};
};

/// The client of libcurl, which is opened when the first request is sent: a program that sends none
/// neither pays for it nor needs it. Every resolved address passes the address guard before it is
/// dialled. Proxy variables of the environment are not used. May be used from several threads.
std::unique_ptr<Client> make_client(ClientSettings settings = {});

}  // namespace mcpauth::http
