#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/net/server.hpp"

namespace mcpauth::cli {

/// What --listen, --tls-cert and --tls-key say; both files or none.
Result<net::ServerOptions> server_options(std::string_view listen, const std::string& certificate,
                                          const std::string& key);

/// "http://127.0.0.1:8700"
std::string base_url(std::string_view address, std::uint16_t port, bool tls);

bool is_loopback(std::string_view address);

/// Prints the URL of a server as the first line of output, at once: who started it waits for that.
Result<void> announce(std::string_view schema, std::string_view url, Env& env);

}  // namespace mcpauth::cli
