#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::keys {

enum class Severity { info, warning, error };
std::string_view name(Severity severity);

/// A problem with a key set, or a remark about it.
struct Finding {
  Severity severity = Severity::info;
  std::string_view rule;             ///< stable name, as in docs/formats/keys.md
  std::optional<std::size_t> index;  ///< the key, counted from 0; empty: the whole set
  std::string kid = {};              ///< of that key; from outside
  std::string message = {};
};

/// Checks a JWKS document, or a single JWK, before it is published: finds what verifiers skip,
/// refuse or misread. Errc::input where it is not JSON.
Result<std::vector<Finding>> lint(std::string_view text);

/// The worst severity; empty when there is no finding.
std::optional<Severity> worst(const std::vector<Finding>& findings);

}  // namespace mcpauth::keys
