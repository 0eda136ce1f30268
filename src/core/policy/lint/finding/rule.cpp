#include "core/policy/lint/finding/rule.hpp"

#include <algorithm>
#include <array>

namespace mcpauth::policy::lint {
namespace {

constexpr std::array<std::string_view, 3> kSeverities = {"info", "warning", "error"};

}  // namespace

std::string_view name(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}

std::optional<Severity> severity_named(std::string_view name) {
  const auto found = std::ranges::find(kSeverities, name);
  if (found == kSeverities.end()) return std::nullopt;
  return static_cast<Severity>(found - kSeverities.begin());
}

}  // namespace mcpauth::policy::lint
