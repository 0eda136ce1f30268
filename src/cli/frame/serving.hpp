#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/net/server.hpp"

namespace mcpauth::cli {

/// The options of --listen, --tls-cert and --tls-key. Both files are given, or none.
Result<net::ServerOptions> server_options(std::string_view listen, const std::string& certificate,
                                          const std::string& key);

/// "http://127.0.0.1:8700"
std::string base_url(std::string_view address, std::uint16_t port, bool tls);

/// Whether the address of --listen is reached from this machine only.
bool is_loopback(std::string_view address);

/// Prints the URL of a server as the first line of output, and flushes: a script that started the
/// server waits for this line.
Result<void> announce(std::string_view schema, std::string_view url, Env& env);

}  // namespace mcpauth::cli
