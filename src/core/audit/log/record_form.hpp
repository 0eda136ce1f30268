#pragma once

#include "core/audit/log/line.hpp"

namespace mcpauth::audit {

/// Whether a record could have been written by mcpauth: its strings are valid JSON in UTF-8, its
/// time is a time, its decision is known, and its `redacted` member, if any, describes the line.
bool is_sound(const LineView& record);

/// Whether a field may be removed from an old record. The other fields say what happened, when, and
/// whether it was allowed, and connect an intent with its outcome.
bool is_redactable(Field field);

}  // namespace mcpauth::audit
