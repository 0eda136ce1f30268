#include "cli/frame/completion.hpp"

#include <algorithm>

#include "cli/frame/commands.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
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

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += "'\\'";
    out += c;
  }
  return out + "'";
}

std::string offer(const Option& option) {
  const auto kind = kind_of(option);
  auto out = text::format("_mcpauth_value {}", kind.empty() ? "none" : kind);
  if (kind != "choice") return out;
  for (const auto& choice : offered(option))
    out += " " + in_quotes(choice);
  return out;
}

std::string value_cases(const Spec& spec, std::string_view at) {
  const std::string start = at.empty() ? "*" : in_quotes(at);
  std::string out;
  for (const auto& option : spec.options()) {
    if (option.is_positional() || option.is_switch()) continue;
    std::vector<std::string> patterns;
    for (const auto spelling : option.spellings())
      patterns.push_back(start + in_quotes(text::format("|{}", spelling)));
    out += text::format("    {}) {}; return ;;\n", text::join(patterns, " | "), offer(option));
  }
  return out;
}

std::string command_patterns() {
  std::vector<std::string> patterns;
  for (const Command* command : commands()) {
    if (!command->is_hidden()) patterns.push_back(in_quotes(command->path));
  }
  return text::join(patterns, " | ");
}

std::string valued_flag_patterns(const Spec& globals) {
  std::vector<std::string_view> patterns;
  for (const auto& option : globals.options()) {
    const auto spellings = option.spellings();
    if (!option.is_switch()) patterns.insert(patterns.end(), spellings.begin(), spellings.end());
  }
  return text::join(patterns, " | ");
}

}  // namespace mcpauth::cli
