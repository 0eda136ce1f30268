#pragma once

#include <string>

#include "cli/frame/env.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::cli {

/// The policy in a file. A name like `REV:PATH` that is not a file is read from that git revision,
/// with the files that it includes there. Git runs without a shell and prints whole files only.
Result<policy::Engine> policy_at(const std::string& file_or_revision, Env& env);

}  // namespace mcpauth::cli
