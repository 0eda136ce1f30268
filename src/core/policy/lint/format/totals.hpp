#pragma once

#include <string>

#include "core/policy/lint/format/formats.hpp"

namespace mcpauth::policy::lint {

/// "2 errors, 1 warning (3 suppressed, 1 baselined) in 2 files, 4 ms"
std::string totals(const Document& document);

/// How often each rule found something that stands, most often first; a line each.
std::string statistics(const Document& document);

}  // namespace mcpauth::policy::lint
