#include <algorithm>
#include <unordered_set>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/engine/tool_index.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"
#include "core/policy/lint/rules/privilege/global_wildcard.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kOverBroadToolGlob{
    .name = "over-broad-tool-glob",
    .code = "RB202",
    .severity = Severity::warning,
    .fix = FixKind::unsafe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A tool pattern that decides about many tools, or about a dangerous one",
    .rationale =
        "A pattern in [tools] also decides about every tool that a server adds later. With "
        "`--tools`, a pattern is too broad if it decides about more than 20 tools, or about "
        "one that may destroy or reach the outside, by its annotations or because it has none. "
        "Without `--tools`, the exact names in the policy are counted.\n\n"
        "Name such tools exactly: an exact name comes before every pattern.",
    .bad = R"(version = 1
[tools]
"code/*" = ["code:write"]
#<
[roles.reader]
scopes = ["code:write"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[tools]
"code/push" = ["code:write"]
"code/*"    = ["code:write"]
[roles.reader]
scopes = ["code:write"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr Rule kGlobMatchesNothing{
    .name = "glob-matches-nothing",
    .code = "RB203",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A pattern that matches no scope or no tool",
    .rationale =
        "A pattern that matches nothing is misspelt, or it is a leftover that may one day "
        "match something that nobody expects. Scope patterns are checked against [scopes] or, "
        "without it, against the scopes that the tools need. Tool patterns are checked against "
        "the tools given with `--tools`.\n\n"
        "Check the spelling: `*` is exactly one segment, and `**` at the end is one or more.",
    .bad = R"(version = 1
[scopes]
"db:read:employee" = {}
[roles.reader]
scopes = ["db:raed:*", "db:read:*"]
#         ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[scopes]
"db:read:employee" = {}
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr Rule kGlobExpansionDrift{
    .name = "glob-expansion-drift",
    .code = "RB204",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::with_input,
    .since = "0.1.0",
    .summary = "An old pattern decides about a new tool",
    .rationale =
        "A server has added a tool since rbac.lock was written, and an existing pattern "
        "decides about it. So people may be able to call a tool that nobody meant to give "
        "them. Needs the tools (`--tools`) and rbac.lock.\n\n"
        "Look at the tool, then name it exactly, or write rbac.lock again.",
    .bad = R"(version = 1
[tools]
"hr/*" = ["hr:read"]
#<
[roles.reader]
scopes = ["hr:read"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[tools]
"hr/list_employees" = ["hr:read"]
"hr/*"              = ["hr:read"]
[roles.reader]
scopes = ["hr:read"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kOverBroadToolGlob, &kGlobMatchesNothing, &kGlobExpansionDrift};

constexpr std::size_t kMostSteps = 50'000'000;  // patterns times names that are compared

bool is_glob(const policy::Tool& tool) {
  return tool.pattern.value.find('*') != std::string::npos;
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
    std::string line = text::format("\"{}\" = [", tool->name);
    const auto needs = subject.engine->needs(tool->name);
    if (policy::tool_fault(tool->name) || tool->name.find_first_of("\"\\*") != std::string::npos ||
        !needs)
      return std::nullopt;
    for (std::size_t i = 0; i < needs->size(); ++i)
      line += text::format("{}{}\"", i > 0 ? ", \"" : "\"", (*needs)[i]);
    lines.push_back(line + "]");
  }
  return editor.with_lines_above(
      glob.pattern.place, lines,
      text::format("name {} exactly", text::count_of(tools.size(), "tool")));
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
  if ((risky.empty() && !is_broad) || is_global_wildcard(glob.pattern.value))
    return;  // that is worse
  const auto& of_interest = risky.empty() ? tools : risky;
  auto& finding = findings.add(
      kOverBroadToolGlob, glob.pattern.place,
      risky.empty()
          ? text::format("`{}` decides about {}, more than {}", glob.pattern.value,
                         text::count_of(tools.size(), "tool"), subject.inputs.broad_glob)
          : text::format("`{}` decides about {}, which {} may destroy or reach the outside",
                         glob.pattern.value, text::some_of(names_of(risky)),
                         risky.size() == 1 ? "says that it" : "say that they"));
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
  auto& finding = findings.add(
      kGlobExpansionDrift, glob.pattern.place,
      text::format("`{}` decides about {}, which {} not in rbac.lock", glob.pattern.value,
                   text::some_of(names_of(added)), added.size() == 1 ? "is" : "are"));
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
    for (const auto* rule : kRules)
      findings.not_judged(*rule, "too many tool patterns for so many tools");
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
      auto& finding =
          findings.add(kGlobMatchesNothing, glob.pattern.place,
                       text::format("`{}` matches none of the tools listed", glob.pattern.value));
      finding.label = "no such tool";
      finding.hint = "check the spelling, or take it out";
      finding.path = tool_path(glob);
    }
    check_broad(subject, glob, covered.decided[i], editor, findings);
    if (subject.inputs.locked_tools)
      check_drift(subject, glob, covered.decided[i], locked, editor, findings);
  }
}

/// Globs by the policy's own exact names, where no tools are listed.
void check_own(const Subject& subject, const policy::Policy& policy, Findings& findings) {
  const auto globs = static_cast<std::size_t>(std::ranges::count_if(policy.tools, is_glob));
  if (globs * (policy.tools.size() - globs) > kMostSteps) {
    findings.not_judged(kOverBroadToolGlob, "too many tool patterns for so many tools");
    return;
  }
  for (const auto& glob : policy.tools) {
    if (!is_glob(glob)) continue;
    const auto count =
        static_cast<std::size_t>(std::ranges::count_if(policy.tools, [&](const auto& tool) {
          return !is_glob(tool) && policy::tool_matches(glob.pattern.value, tool.pattern.value);
        }));
    if (count <= subject.inputs.broad_glob) continue;
    auto& finding =
        findings.add(kOverBroadToolGlob, glob.pattern.place,
                     text::format("`{}` matches {} tools of the policy, more than {}",
                                  glob.pattern.value, count, subject.inputs.broad_glob));
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
    findings.not_judged(kGlobMatchesNothing, kTooLarge);
    return;
  }
  const std::string what = policy.has_scope_catalogue ? "matches no scope in [scopes]"
                                                      : "matches no scope that a tool needs";
  const auto check = [&](const std::vector<policy::Text>& list, const std::string& path) {
    for (const auto& text : list) {
      if (policy::is_concrete(text.value) || !table.cells(text.value).empty()) continue;
      auto& finding =
          findings.add(kGlobMatchesNothing, text.place, text::format("`{}` {}", text.value, what));
      finding.label = "no such scope";
      finding.hint = "check the spelling: `*` is exactly one segment, `**` one or more";
      finding.path = text::format("{}[\"{}\"]", path, text.value);
    }
  };
  for (const auto& role : policy.roles) {
    check(role.scopes, text::format("roles.{}.scopes", role.name.value));
    check(role.deny, text::format("roles.{}.deny", role.name.value));
  }
  for (const auto& separation : policy.separations)
    check(separation.never_both, text::format("separation.{}.never_both", separation.name.value));
}

void check(Context& context, Findings& findings) {
  if (!context.subject().is_usable()) return;
  check_scope_globs(context.policy(), findings);
  if (context.inputs().tools) {
    check_listed(context.subject(), context.policy(), context.editor(), findings);
  } else {
    check_own(context.subject(), context.policy(), findings);
  }
}

}  // namespace

RuleGroup globs() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
