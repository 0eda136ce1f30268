#pragma once

namespace mcpauth::net {

/// Opens libssl. Must have said true before anything of it, or of Asio's TLS, is used.
bool have_libssl();

}  // namespace mcpauth::net
