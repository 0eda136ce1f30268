#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::keys {

enum class Severity { info, warning, error };
std::string_view name(Severity severity);

/// Something that a key set should not have, or should.
struct Finding {
  Severity severity = Severity::info;
  std::string_view rule;             ///< stable name, as in docs/formats/keys.md
  std::optional<std::size_t> index;  ///< which key, from 0; nothing for the set as a whole
  std::string kid = {};              ///< of that key; from outside
  std::string message = {};
};

/// Judges a JWKS document, or a single JWK, as a publisher should: what a verifier would skip,
/// trip over or be led astray by. Not JSON: Errc::input.
Result<std::vector<Finding>> lint(std::string_view text);

/// The worst severity; nothing when there is no finding.
std::optional<Severity> worst(const std::vector<Finding>& findings);

}  // namespace mcpauth::keys
