#include "core/policy/analysis/suggestions.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy::analysis {
namespace {

using Names = std::vector<std::string_view>;

std::string_view name_at_server(std::string_view tool) {
  return tool.substr(tool.find('/') + 1);
}

std::optional<std::string> near_tool(const policy::Policy& policy, std::string_view asked) {
  Names tools;
  Names tails;
  for (const auto& tool : policy.tools) {
    const std::string_view pattern = tool.pattern.value;
    if (policy::tool_matches(pattern, asked)) return std::nullopt;
    if (!policy::is_concrete(pattern)) continue;
    tools.push_back(pattern);
    tails.push_back(name_at_server(pattern));
  }
  const bool has_server = asked.find('/') != asked.npos;
  const auto near = text::nearest(asked, has_server ? tools : tails);
  if (!near) return std::nullopt;
  if (has_server) return std::string(*near);
  return std::string(
      tools[static_cast<std::size_t>(std::ranges::find(tails, *near) - tails.begin())]);
}

std::optional<std::string> near_scope(const policy::Policy& policy, std::string_view asked) {
  const auto scopes = named_scopes(policy);
  if (std::ranges::binary_search(scopes, asked)) return std::nullopt;
  if (!policy::is_concrete(asked)) {
    if (policy::scope_fault(asked, policy::Wildcards::yes)) return std::nullopt;
    const auto covered = std::ranges::find_if(
        scopes, [&](const auto& scope) { return policy::scope_matches(asked, scope); });
    return covered == scopes.end() ? std::nullopt : std::optional(*covered);
  }
  const auto near = text::nearest(asked, Names(scopes.begin(), scopes.end()));
  return near ? std::optional<std::string>(*near) : std::nullopt;
}

}  // namespace

std::string Suggestion::text() const {
  return text::format("the policy has no {} `{}`; did you mean `{}`?", what, text::printable(asked),
                      text::printable(meant));
}

std::vector<Suggestion> suggestions(const policy::Policy& policy, std::string_view asked,
                                    bool is_tool) {
  auto near = is_tool ? near_tool(policy, asked) : near_scope(policy, asked);
  if (!near) return {};
  return {
      {.what = is_tool ? "tool" : "scope", .asked = std::string(asked), .meant = *std::move(near)}};
}

std::vector<Suggestion> suggestions(const policy::Policy& policy, const Question& question) {
  constexpr std::size_t kMostGroups = 3;  // a token may have dozens that no policy names
  auto out = suggestions(policy, question.asked, question.is_tool);
  std::set<std::string_view> known;
  for (const auto& grant : policy.grants) {
    for (const auto& group : grant.groups)
      known.insert(group.value);
  }
  const Names names(known.begin(), known.end());
  std::size_t tried = 0;
  for (const auto& group : question.principal.groups) {
    if (known.contains(group)) continue;
    if (tried++ == kMostGroups) break;
    if (const auto near = text::nearest(group, names))
      out.push_back({.what = "group", .asked = group, .meant = std::string(*near)});
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
