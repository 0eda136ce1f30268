#pragma once

#include "core/config/reader.hpp"

namespace mcpauth::config {

// One function for each table of the file. They are in the files read_*.cpp.
Issuer read_issuer(const Section& section);
Proxy read_proxy(const Section& section);
Server read_server(const Section& section);
identity::Settings read_idp(const Section& section);
Provider read_provider(const Section& section);
Vault read_vault(const Section& section);
Route read_route(const Section& section);
Audit read_audit(const Section& section);

}  // namespace mcpauth::config
