#include "core/policy/lint/lock.hpp"

#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/codec/toml.hpp"
#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kHead =
    "# The tools that each pattern of rbac.toml covered when `mcpauth rbac lock` last wrote this.\n"
    "version = 1\n"
    "\n"
    "[covers]\n";

constexpr std::string_view kRewrite =
    "remove it, then run `mcpauth rbac lock` with the tools of every server";

/// Collects the problems of a lock.
class Faults {
 public:
  explicit Faults(std::string_view file) : file_(file) {}
  void add(const toml::Span& span, std::string message) {
    problems_.push_back(toml::problem(file_, span, std::move(message), std::string(kRewrite)));
  }
  bool empty() const { return problems_.empty(); }
  Error error() { return error_from(Errc::config, std::move(problems_)); }

 private:
  std::string_view file_;
  std::vector<Problem> problems_;
};

void read_pattern(const toml::Entry& entry, Lock& lock, Faults& faults) {
  const auto fault = policy::tool_fault(entry.key);
  if (fault || policy::is_concrete(entry.key)) {
    return faults.add(entry.key_span, text::format("`{}` is not a tool pattern", entry.key));
  }
  const auto* list = entry.node.array();
  if (list == nullptr)
    return faults.add(entry.node.span, text::format("`{}` needs a list of tools", entry.key));
  auto& tools = lock.covers[entry.key];
  for (const auto& item : *list) {
    const auto* tool = item.string();
    if (tool == nullptr || !policy::tool_matches(entry.key, *tool)) {
      faults.add(item.span, text::format("this is not a tool that `{}` covers", entry.key));
    } else if (!tools.insert(*tool).second) {
      faults.add(item.span, text::format("tool `{}` is listed twice", *tool));
    }
  }
}

}  // namespace

Result<Lock> lock_of(const policy::Policy& policy, const std::vector<ListedTool>& tools) {
  constexpr std::size_t kMost = 20'000'000;
  Lock lock;
  for (const auto& tool : policy.tools) {
    if (!policy::is_concrete(tool.pattern.value)) lock.covers[tool.pattern.value];
  }
  if (lock.covers.size() * tools.size() > kMost) {
    return Error{.code = Errc::input,
                 .message = "there are too many patterns and tools to match",
                 .hint = "name tools instead of using patterns"};
  }
  for (auto& [pattern, covered] : lock.covers) {
    for (const auto& tool : tools) {
      if (policy::tool_matches(pattern, tool.name)) covered.insert(tool.name);
    }
  }
  return lock;
}

std::vector<ListedTool> tools_of_others(const Lock& lock, const std::vector<std::string>& servers) {
  std::vector<ListedTool> out;
  for (const auto& tool : locked_tools(lock)) {
    if (!std::ranges::binary_search(servers, tool.substr(0, tool.find('/'))))
      out.push_back({.name = tool});
  }
  return out;
}

std::string write_lock(const Lock& lock) {
  std::string out(kHead);
  for (const auto& [pattern, tools] : lock.covers) {
    out += json::quote(pattern) + " = [";
    for (const auto& tool : tools)
      out += "\n  " + json::quote(tool) + ",";
    out += tools.empty() ? "]\n" : "\n]\n";
  }
  return out;
}

Result<Lock> read_lock(std::string_view text, std::string_view file) {
  auto parsed = toml::parse(text, file, {.bytes = 32 << 20, .depth = 4});
  if (!parsed) {
    auto problems = std::move(parsed).error().problems;
    for (auto& problem : problems)
      problem.hint = kRewrite;
    return error_from(Errc::config, std::move(problems));
  }
  const auto& table = *parsed;
  Faults faults(file);
  Lock lock;
  const auto* version = table.find("version");
  if (version == nullptr || version->integer() == nullptr || *version->integer() != 1) {
    faults.add(version == nullptr ? toml::Span{1, 1, 1, 1} : version->span,
               version == nullptr ? "it is empty or cut off: there is no `version`"
                                  : "this program reads version 1");
  }
  for (const auto& entry : table.entries) {
    if (entry.key == "version") continue;
    if (entry.key != "covers" || entry.node.table() == nullptr) {
      faults.add(entry.key_span, text::format("`{}` is not known here", entry.key));
      continue;
    }
    for (const auto& pattern : entry.node.table()->entries)
      read_pattern(pattern, lock, faults);
  }
  if (!faults.empty()) return faults.error();
  return lock;
}

std::vector<std::string> locked_tools(const Lock& lock) {
  std::set<std::string> tools;
  for (const auto& [pattern, covered] : lock.covers)
    tools.insert(covered.begin(), covered.end());
  return {tools.begin(), tools.end()};
}

std::vector<LockChange> changes(const Lock& before, const Lock& after) {
  static const std::set<std::string> kNone;
  std::set<std::string_view> patterns;
  for (const auto* lock : {&before, &after}) {
    for (const auto& [pattern, tools] : lock->covers)
      patterns.insert(pattern);
  }
  const auto tools_of = [](const Lock& lock, std::string_view pattern) -> const auto& {
    const auto found = lock.covers.find(std::string(pattern));
    return found == lock.covers.end() ? kNone : found->second;
  };
  std::vector<LockChange> out;
  for (const auto pattern : patterns) {
    const auto& was = tools_of(before, pattern);
    const auto& is = tools_of(after, pattern);
    std::set<std::string> all = was;
    all.insert(is.begin(), is.end());
    for (const auto& tool : all) {
      if (was.contains(tool) != is.contains(tool))
        out.push_back({std::string(pattern), tool, is.contains(tool)});
    }
  }
  return out;
}

}  // namespace mcpauth::policy::lint
