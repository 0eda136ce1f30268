#include "cli/completion.hpp"

#include <algorithm>

#include "core/crypto/algorithm.hpp"

namespace mcpauth::cli {

std::vector<Bound> bound_commands() {
  std::vector<Bound> all;
  for (const Command* command : commands()) {
    if (command->is_hidden()) continue;
    auto& bound = all.emplace_back(Bound{.command = command});
    const Action unused = command->bind(bound.spec);
  }
  return all;
}

std::vector<Word> words_below(std::string_view noun) {
  std::vector<Word> words;
  for (const Command* command : commands()) {
    const bool is_verb = command->path != command->noun();
    if (command->is_hidden()) continue;
    if (!noun.empty() && is_verb && command->noun() == noun) {
      words.push_back({command->path.substr(noun.size() + 1), command->summary});
    }
    if (noun.empty() && !is_verb) words.push_back({command->path, command->summary});
    const auto known = std::ranges::find(words, command->noun(), &Word::word) != words.end();
    if (noun.empty() && is_verb && !known) {
      const auto named = std::ranges::find(nouns(), command->noun(), &Noun::name);
      words.push_back({command->noun(), named == nouns().end() ? "" : named->summary});
    }
  }
  return words;
}

std::string_view kind_of(const Option& option) {
  if (!offered(option).empty()) return "choice";
  switch (option.completes) {
    case Completes::file:
      return "file";
    case Completes::directory:
      return "directory";
    case Completes::kid:
      return "kid";
    case Completes::role:
      return "role";
    case Completes::tool:
      return "tool";
    case Completes::org:
      return "org";
    case Completes::nothing:
    case Completes::algorithm:
    case Completes::choice:
      return "";
  }
  return "";
}

std::vector<std::string> offered(const Option& option) {
  if (!option.choices.empty() || option.completes != Completes::algorithm) return option.choices;
  std::vector<std::string> names;
  for (const auto algorithm : crypto::algorithms())
    names.emplace_back(crypto::name(algorithm));
  return names;
}

}  // namespace mcpauth::cli
