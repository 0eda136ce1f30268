#include "core/policy/lint/rules/paths.hpp"

#include <algorithm>
#include <vector>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::policy::lint {

std::string entry_path(const policy::Role& role, std::string_view list, std::string_view entry) {
  return text::format("roles.{}.{}[\"{}\"]", role.name.value, list, entry);
}

std::string tool_path(const policy::Tool& tool) {
  return text::format("tools[\"{}\"]", tool.pattern.value);
}

std::string grant_name(const policy::Grant& grant) {
  return text::format("grant.{}{}", grant.role.value, grant.org ? "@" + grant.org->value : "");
}

std::string grant_path(const policy::Grant& grant) {
  std::vector<std::string_view> groups;
  for (const auto& group : grant.groups)
    groups.push_back(group.value);
  std::ranges::sort(groups);
  return text::format("{}[{}]", grant_name(grant), text::join(groups, ","));
}

}  // namespace mcpauth::policy::lint
