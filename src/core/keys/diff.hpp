#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/jose/jwks.hpp"

namespace mcpauth::keys {

enum class Change { added, removed, changed };
std::string_view name(Change change);

/// How one key differs between two sets. Keys with the same numbers are the same key, whatever the
/// kid.
struct KeyChange {
  Change change;
  std::string kid;  ///< from outside; the new one where it changed
  std::string thumbprint;
  std::string detail = {};
};

struct Difference {
  std::vector<KeyChange> changes = {};    ///< empty: the sets say the same
  std::size_t kept = 0;                   ///< keys that are the same in both, kid and alg too
  std::vector<std::string> dangers = {};  ///< why tokens were or will be refused; empty: safe
};

/// Compares two sets as two steps of a rotation. It is safe when at least one key stays and no kid
/// moves to another key.
Difference compare(const jose::KeySet& before, const jose::KeySet& after);

}  // namespace mcpauth::keys
