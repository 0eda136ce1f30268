#pragma once

#include <string_view>

#include "core/audit/log/line.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::audit::report {

/// The version of the Open Cybersecurity Schema Framework whose events these are.
inline constexpr std::string_view kOcsfVersion = "1.6.0";

/// An outcome as an OCSF event. A mint is Authorize Session (3003), or Authentication (3002) if it
/// was refused without scopes. Changes of keys and vaults are Entity Management (3004). Everything
/// else, mostly tool calls, is API Activity (6003).
json::Object ocsf_event(const audit::LineView& outcome, std::string_view product_version);

}  // namespace mcpauth::audit::report
