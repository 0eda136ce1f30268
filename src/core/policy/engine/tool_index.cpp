#include "core/policy/engine/tool_index.hpp"

#include <algorithm>

#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy {
namespace {

std::string_view server_of(std::string_view tool) {
  return tool.substr(0, tool.find('/'));
}

}  // namespace

ToolIndex::ToolIndex(const Policy& policy) : policy_(&policy) {
  for (ToolId id = 0; id < policy.tools.size(); ++id) {
    const std::string_view pattern = policy.tools[id].pattern.value;
    const auto server = server_of(pattern);
    if (pattern.find('*') == std::string_view::npos) {
      exact_[pattern].push_back(id);
    } else if (server.find('*') == std::string_view::npos) {
      by_server_[server].push_back({literal_count(pattern), id});
    } else {
      any_server_.push_back({literal_count(pattern), id});
    }
  }
  const auto most_first = [](const Pattern& a, const Pattern& b) {
    return std::pair(b.literals, a.id) < std::pair(a.literals, b.id);
  };
  std::ranges::sort(any_server_, most_first);
  for (auto& [server, patterns] : by_server_)
    std::ranges::sort(patterns, most_first);
}

std::vector<ToolId> ToolIndex::find(std::string_view tool) const {
  if (!is_tool(tool)) return {};
  if (const auto exact = exact_.find(tool); exact != exact_.end()) return exact->second;
  Patterns best;
  if (const auto of_server = by_server_.find(server_of(tool)); of_server != by_server_.end()) {
    add_matches(of_server->second, tool, best);
  }
  add_matches(any_server_, tool, best);
  std::vector<ToolId> ids;
  for (const auto& pattern : best)
    ids.push_back(pattern.id);
  std::ranges::sort(ids);
  return ids;
}

void ToolIndex::add_matches(const Patterns& patterns, std::string_view tool, Patterns& best) const {
  for (const auto& pattern : patterns) {
    const std::size_t least = best.empty() ? 0 : best.front().literals;
    if (pattern.literals < least) return;
    if (!tool_matches(policy_->tools[pattern.id].pattern.value, tool)) continue;
    if (pattern.literals > least) best.clear();
    best.push_back(pattern);
  }
}

}  // namespace mcpauth::policy
