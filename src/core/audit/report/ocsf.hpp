#pragma once

#include <string_view>

#include "core/audit/log/line.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::audit::report {

/// The version of the Open Cybersecurity Schema Framework whose events these are.
inline constexpr std::string_view kOcsfVersion = "1.6.0";

/// An outcome as an OCSF event. A mint is Authorize Session (3003), one that was refused before it
/// came to scopes is Authentication (3002), what is done to keys and vaults is Entity Management
/// (3004), and all else, calls of tools above all, is API Activity (6003).
json::Object ocsf_event(const audit::LineView& outcome, std::string_view product_version);

}  // namespace mcpauth::audit::report
