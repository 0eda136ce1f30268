#include <algorithm>
#include <unordered_set>

#include "core/codec/list.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/engine/tool_index.hpp"
#include "core/policy/lint/rules/privilege.hpp"
#include "core/policy/lint/rules/reach.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::size_t kMostSteps = 50'000'000;  // patterns times names that are compared

std::string tool_path(const policy::Tool& tool) {
  return "tools[\"" + tool.pattern.value + "\"]";
}

bool is_glob(const policy::Tool& tool) {
  return tool.pattern.value.find('*') != std::string::npos;
}

bool is_only_star(std::string_view pattern) {
  return pattern == "*" || pattern == "**" || pattern == "*/*";
}

/// Which of the listed tools each entry of the policy decides about, and which it matches.
class Covered {
 public:
  Covered(const policy::Policy& policy, const std::vector<ListedTool>& tools)
      : decided(policy.tools.size()), matched(policy.tools.size(), false) {
    const policy::ToolIndex index(policy);
    for (const auto& tool : tools) {
      for (const auto id : index.find(tool.name))
        decided[id].push_back(&tool);
    }
    for (std::size_t i = 0; i < policy.tools.size(); ++i) {
      matched[i] = !decided[i].empty() || std::ranges::any_of(tools, [&](const auto& tool) {
        return policy::tool_matches(policy.tools[i].pattern.value, tool.name);
      });
    }
  }

  std::vector<std::vector<const ListedTool*>> decided;  ///< by entry: it is among the most specific
  std::vector<bool> matched;                            ///< by entry
};

/// Lines that name these tools with what they need already, above the glob's.
std::optional<Fix> named(const Subject& subject, const policy::Tool& glob,
                         const std::vector<const ListedTool*>& tools, Editor& editor) {
  std::vector<std::string> lines;
  for (const auto* tool : tools) {
    std::string line = "\"" + tool->name + "\" = [";
    const auto needs = subject.engine->needs(tool->name);
    if (policy::tool_fault(tool->name) || tool->name.find_first_of("\"\\*") != std::string::npos ||
        !needs)
      return std::nullopt;
    for (std::size_t i = 0; i < needs->size(); ++i)
      line += (i > 0 ? ", \"" : "\"") + (*needs)[i] + "\"";
    lines.push_back(line + "]");
  }
  return editor.with_lines_above(glob.pattern.place, lines,
                                 "name " + text::count_of(tools.size(), "tool") + " exactly");
}

std::vector<std::string_view> names_of(const std::vector<const ListedTool*>& tools) {
  std::vector<std::string_view> out;
  out.reserve(tools.size());
  for (const auto* tool : tools)
    out.push_back(tool->name);
  return out;
}

void check_broad(const Subject& subject, const policy::Tool& glob,
                 const std::vector<const ListedTool*>& tools, Editor& editor, Findings& findings) {
  std::vector<const ListedTool*> risky;
  std::ranges::copy_if(tools, std::back_inserter(risky), [](const auto* tool) {
    return (tool->is_destructive && !tool->is_read_only) || tool->is_open_world;
  });
  const bool is_broad = tools.size() > subject.inputs.broad_glob;
  if ((risky.empty() && !is_broad) || is_only_star(glob.pattern.value)) return;  // that is worse
  const auto& of_interest = risky.empty() ? tools : risky;
  auto& finding = findings.add(
      "over-broad-tool-glob", glob.pattern.place,
      risky.empty()
          ? "`" + glob.pattern.value + "` decides about " + text::count_of(tools.size(), "tool") +
                ", more than " + std::to_string(subject.inputs.broad_glob)
          : "`" + glob.pattern.value + "` decides about " + text::some_of(names_of(risky)) +
                ", which " + (risky.size() == 1 ? "says that it" : "say that they") +
                " may destroy or reach the outside");
  finding.label = "decides about " + text::count_of(tools.size(), "tool");
  finding.hint = "name the tools that matter exactly: an exact name comes before every pattern";
  finding.path = tool_path(glob);
  constexpr std::size_t kMostLines = 200;
  if (of_interest.size() <= kMostLines) finding.fix = named(subject, glob, of_interest, editor);
}

void check_drift(const Subject& subject, const policy::Tool& glob,
                 const std::vector<const ListedTool*>& tools,
                 const std::unordered_set<std::string_view>& locked, Editor& editor,
                 Findings& findings) {
  std::vector<const ListedTool*> added;
  std::ranges::copy_if(tools, std::back_inserter(added),
                       [&](const auto* tool) { return !locked.contains(tool->name); });
  if (added.empty()) return;
  auto& finding =
      findings.add("glob-expansion-drift", glob.pattern.place,
                   "`" + glob.pattern.value + "` decides about " + text::some_of(names_of(added)) +
                       ", which " + (added.size() == 1 ? "is" : "are") + " not in rbac.lock");
  finding.label = "has grown by " + text::count_of(added.size(), "tool");
  finding.hint = "look at what is new, then name it exactly or write rbac.lock again";
  finding.path = tool_path(glob);
  finding.fix = named(subject, glob, added, editor);
}

/// Globs by the tools that a server lists.
void check_listed(const Subject& subject, const policy::Policy& policy, Editor& editor,
                  Findings& findings) {
  const auto& tools = *subject.inputs.tools;
  const auto globs = static_cast<std::size_t>(std::ranges::count_if(policy.tools, is_glob));
  if (globs * tools.size() > kMostSteps) {
    for (const std::string_view rule :
         {"over-broad-tool-glob", "glob-matches-nothing", "glob-expansion-drift"})
      findings.not_judged(rule, "too many tool patterns for so many tools");
    return;
  }
  const Covered covered(policy, tools);
  std::unordered_set<std::string_view> locked;
  if (subject.inputs.locked_tools)
    locked.insert(subject.inputs.locked_tools->begin(), subject.inputs.locked_tools->end());
  for (std::size_t i = 0; i < policy.tools.size(); ++i) {
    const auto& glob = policy.tools[i];
    if (!is_glob(glob)) continue;
    if (!covered.matched[i]) {
      auto& finding = findings.add("glob-matches-nothing", glob.pattern.place,
                                   "`" + glob.pattern.value + "` matches none of the tools listed");
      finding.label = "no such tool";
      finding.hint = "check the spelling, or take it out";
      finding.path = tool_path(glob);
    }
    if (subject.engine == nullptr) continue;
    check_broad(subject, glob, covered.decided[i], editor, findings);
    if (subject.inputs.locked_tools)
      check_drift(subject, glob, covered.decided[i], locked, editor, findings);
  }
}

/// Globs by the policy's own exact names, where no tools are listed.
void check_own(const Subject& subject, const policy::Policy& policy, Findings& findings) {
  const auto globs = static_cast<std::size_t>(std::ranges::count_if(policy.tools, is_glob));
  if (globs * (policy.tools.size() - globs) > kMostSteps) {
    findings.not_judged("over-broad-tool-glob", "too many tool patterns for so many tools");
    return;
  }
  for (const auto& glob : policy.tools) {
    if (!is_glob(glob)) continue;
    const auto count =
        static_cast<std::size_t>(std::ranges::count_if(policy.tools, [&](const auto& tool) {
          return !is_glob(tool) && policy::tool_matches(glob.pattern.value, tool.pattern.value);
        }));
    if (count <= subject.inputs.broad_glob) continue;
    auto& finding = findings.add("over-broad-tool-glob", glob.pattern.place,
                                 "`" + glob.pattern.value + "` matches " + std::to_string(count) +
                                     " tools of the policy, more than " +
                                     std::to_string(subject.inputs.broad_glob));
    finding.label = "so do tools that are not named yet";
    finding.hint = "narrow it: a tool that nothing matches is denied";
    finding.path = tool_path(glob);
  }
}

/// Scope globs by the catalogue, or by what tools need.
void check_scope_globs(const policy::Policy& policy, Findings& findings) {
  if (!policy.has_scope_catalogue && policy.tools.empty()) return;
  const auto scopes = analysis::named_scopes(policy);
  const analysis::PatternTable table(policy, scopes);
  if (!table.is_complete()) {
    findings.not_judged("glob-matches-nothing", std::string(kTooLarge));
    return;
  }
  const std::string what = policy.has_scope_catalogue ? "matches no scope in [scopes]"
                                                      : "matches no scope that a tool needs";
  const auto check = [&](const std::vector<policy::Text>& list, const std::string& path) {
    for (const auto& text : list) {
      if (policy::is_concrete(text.value) || !table.cells(text.value).empty()) continue;
      auto& finding =
          findings.add("glob-matches-nothing", text.place, "`" + text.value + "` " + what);
      finding.label = "no such scope";
      finding.hint = "check the spelling: `*` is exactly one segment, `**` one or more";
      finding.path = path + "[\"" + text.value + "\"]";
    }
  };
  for (const auto& role : policy.roles) {
    check(role.scopes, "roles." + role.name.value + ".scopes");
    check(role.deny, "roles." + role.name.value + ".deny");
  }
  for (const auto& separation : policy.separations)
    check(separation.never_both, "separation." + separation.name.value + ".never_both");
}

}  // namespace

void check_wildcards(const policy::Policy& policy, Findings& findings) {
  for (const auto& role : policy.roles) {
    for (const auto& text : role.scopes) {
      if (!is_only_star(text.value)) continue;
      auto& finding =
          findings.add("global-wildcard", text.place,
                       "role `" + role.name.value + "` allows `" + text.value + "`: every scope" +
                           (text.value == "*" ? " of one segment" : " there is or will be"));
      finding.label = "allows everything";
      finding.hint = "list what the role is for, such as db:read:*";
      finding.path = entry_path(role, "scopes", text.value);
    }
  }
  for (const auto& tool : policy.tools) {
    if (!is_only_star(tool.pattern.value)) continue;
    auto& finding = findings.add(
        "global-wildcard", tool.pattern.place,
        "`" + tool.pattern.value + "` decides about every tool that no other entry names");
    finding.label = "every server, every tool";
    finding.hint = "name the servers: a tool that nothing matches is denied";
    finding.path = tool_path(tool);
  }
}

void check_globs(const Subject& subject, const policy::Policy& policy, Editor& editor,
                 Findings& findings) {
  check_scope_globs(policy, findings);
  if (subject.inputs.tools) {
    check_listed(subject, policy, editor, findings);
  } else {
    check_own(subject, policy, findings);
  }
}

}  // namespace mcpauth::policy::lint
