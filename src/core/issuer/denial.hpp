#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::token {

/// A denied decision as an error that says what was missing: the roles held, the rule that denied
/// with its file and line, and the roles whose grant would allow it, as the Engine itself judges.
/// `asked` is what was asked for, as in "scope `db:write:salary`".
Error denial(const policy::Engine& engine, const policy::Principal& principal,
             const policy::Decision& decision, std::string_view asked, Instant now);

}  // namespace mcpauth::token
