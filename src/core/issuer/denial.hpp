#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::issuer {

/// A denied decision as an error. `asked` is what was asked for, as in "scope `db:write:salary`".
Error denial(const policy::Principal& principal, const policy::Decision& decision,
             std::string_view asked);

/// Adds for a person: which roles are held, which line of the policy denied it, and a grant of
/// which roles would allow it. The engine answers that too, with a policy compiled for the purpose:
/// the cost grows with the policy.
void explain(Error& error, const policy::Engine& engine, const policy::Principal& principal,
             const policy::Decision& decision, Instant now);

}  // namespace mcpauth::issuer
