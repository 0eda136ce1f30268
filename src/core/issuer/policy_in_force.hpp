#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "core/policy/engine/decide.hpp"
#include "core/policy/engine/load.hpp"

namespace mcpauth::issuer {

/// A policy that tokens are minted by. Immutable; usable from several threads at once.
struct PolicyInForce {
  policy::Engine engine;
  std::string digest = {};  ///< what audit records call the policy (digest_of)
};

/// Reads a policy from disk, or gives an Error with everything that is wrong in its `problems`.
Result<PolicyInForce> load_policy(const std::filesystem::path& file);

/// SHA-256 in base64url: of the policy's text or, where it has several files, of the names and
/// digests of all of them, so that a change in any of them shows.
std::string digest_of(std::span<const policy::Source> sources);

}  // namespace mcpauth::issuer
