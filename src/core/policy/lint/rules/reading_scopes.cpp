#include "core/policy/lint/rules/reading_scopes.hpp"

#include <algorithm>
#include <array>

#include "core/codec/text.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr auto kVerbs = std::to_array<std::string_view>(
    {"browse", "describe", "fetch",   "find",    "get",   "inspect", "list",   "listen",
     "look",   "lookup",   "monitor", "preview", "query", "read",    "reader", "readonly",
     "search", "show",     "stat",    "status",  "view",  "viewer",  "watch"});

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

/// `read`, `read_all`, `read-only`, `repo.read`: what says it stands at the beginning or the end.
bool says_read(std::string_view segment) {
  const std::string word = lower(segment);
  const auto is_verb = [](std::string_view part) {
    return std::ranges::binary_search(kVerbs, part);
  };
  constexpr std::string_view kBetween = "._-";
  const auto first = word.find_first_of(kBetween);
  const auto last = word.find_last_of(kBetween);
  if (first == std::string::npos) return is_verb(word);
  return is_verb(std::string_view(word).substr(0, first)) ||
         is_verb(std::string_view(word).substr(last + 1));
}

}  // namespace

ReadingScopes::ReadingScopes(const Subject& subject) {
  if (subject.engine == nullptr || !subject.inputs.tools) return;
  // Beyond this many, scopes are told by their names alone: most policies have fewer by far.
  constexpr std::size_t kMost = 20'000;
  if (subject.inputs.tools->size() > kMost) return;
  std::unordered_set<std::string> others;
  for (const auto& tool : *subject.inputs.tools) {
    const auto needs = subject.engine->needs(tool.name);
    if (!needs) continue;
    // A tool that needs several scopes may need one of them to look and another to change.
    for (const auto& scope : *needs)
      (tool.is_read_only ? of_tools_ : others).insert(scope);
  }
  for (const auto& scope : others)
    of_tools_.erase(scope);
}

bool ReadingScopes::contains(std::string_view scope) const {
  return std::ranges::any_of(text::split(scope, ':'), says_read) ||
         of_tools_.contains(std::string(scope));
}

}  // namespace mcpauth::policy::lint
