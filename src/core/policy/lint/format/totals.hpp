#pragma once

#include <string>

#include "core/policy/lint/format/formats.hpp"

namespace mcpauth::policy::lint {

/// "2 errors, 1 warning (3 suppressed, 1 baselined) in 2 files, 4 ms"
std::string totals(const Document& document);

/// One line for each rule with how many of its findings count, most first, and a line of totals.
std::string statistics(const Document& document);

}  // namespace mcpauth::policy::lint
