#pragma once

#include "core/config/reader.hpp"

namespace mcpauth::config {

// One function for each table of the file. Each reads every key and calls `finish`.
Issuer read_issuer(Reader& reader);
Proxy read_proxy(Reader& reader);
Server read_server(Reader& reader);
identity::Settings read_idp(Reader& reader);
Provider read_provider(Reader& reader);
Vault read_vault(Reader& reader);
std::string read_egress_listen(Reader& reader);
Route read_route(Reader& reader);
Audit read_audit(Reader& reader);

}  // namespace mcpauth::config
