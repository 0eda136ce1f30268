#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcpauth::config {

/// What is wrong with a value, as it reads after its key: "is not https".
struct Complaint {
  std::string what;
  std::string hint = {};
};

/// A rule for one value: nothing when the value keeps it. No rule quotes the value: it may be a
/// secret.
using Form = std::optional<Complaint> (*)(std::string_view value);

std::optional<Complaint> any_text(std::string_view value);       ///< bounded, no control characters
std::optional<Complaint> name_form(std::string_view value);      ///< letters, digits, "-", "_", "."
std::optional<Complaint> org_form(std::string_view value);       ///< at most 256 bytes
std::optional<Complaint> owner_form(std::string_view value);     ///< names with "/" between them
std::optional<Complaint> domain_form(std::string_view value);    ///< a host without a pattern
std::optional<Complaint> issuer_form(std::string_view value);    ///< https or loopback, no query
std::optional<Complaint> public_form(std::string_view value);    ///< the same, no slash at the end
std::optional<Complaint> key_url_form(std::string_view value);   ///< https or loopback
std::optional<Complaint> network_form(std::string_view value);   ///< a private network, as CIDR
std::optional<Complaint> upstream_form(std::string_view value);  ///< http or https
std::optional<Complaint> listen_form(std::string_view value);    ///< host:port
std::optional<Complaint> egress_listen_form(std::string_view value);  ///< host:port or unix:PATH
std::optional<Complaint> reference_form(std::string_view value);  ///< file: env: exec: vault: ...
std::optional<Complaint> store_form(std::string_view value);
std::optional<Complaint> server_path_form(std::string_view value);
std::optional<Complaint> route_path_form(std::string_view value);
std::optional<Complaint> host_pattern_form(std::string_view value);
std::optional<Complaint> method_form(std::string_view value);
std::optional<Complaint> scope_form(std::string_view value);
std::optional<Complaint> header_form(std::string_view value);
std::optional<Complaint> inject_format_form(std::string_view value);

}  // namespace mcpauth::config
