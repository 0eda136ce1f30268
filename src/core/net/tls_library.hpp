#pragma once

namespace mcpauth::net {

/// Opens libssl. Must return true before anything of libssl or of Asio's TLS is used.
bool have_libssl();

}  // namespace mcpauth::net
