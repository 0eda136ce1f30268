#pragma once

#include "core/audit/log/line.hpp"

namespace mcpauth::audit {

/// Whether a line that LineView takes has nothing in it that no writer of ours writes: its strings
/// are those of JSON in UTF-8, its time is one, its decision is known, and what is said of a
/// redaction is true of the line.
bool is_sound(const LineView& record);

/// The fields that may be taken out of an old record. The others say what happened, when, and
/// whether it was allowed, and tie intent to outcome.
bool is_redactable(Field field);

}  // namespace mcpauth::audit
