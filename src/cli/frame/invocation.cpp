#include "cli/frame/invocation.hpp"

#include <algorithm>
#include <optional>

#include "cli/frame/commands.hpp"
#include "cli/frame/parse.hpp"
#include "cli/frame/secret_words.hpp"
#include "cli/frame/usage.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

bool is_flag(std::string_view arg) {
  return arg.size() > 1 && arg.starts_with('-');
}

bool is_noun(std::string_view word) {
  return std::ranges::find(nouns(), word, &Noun::name) != nouns().end();
}

/// The words that may follow `noun`, or the first words when it is empty.
std::vector<std::string_view> words_after(std::string_view noun) {
  std::vector<std::string_view> words;
  for (const Command* command : commands()) {
    if (command->is_hidden()) continue;
    if (noun.empty()) {
      words.push_back(command->noun());
    } else if (command->noun() == noun && command->path != noun) {
      words.push_back(command->path.substr(noun.size() + 1));
    }
  }
  return words;
}

Error unknown_word(std::string_view noun, std::string_view word) {
  if (looks_like_secret(word)) return secret_on_command_line("an argument");
  const auto near = text::did_you_mean(word, words_after(noun));
  const auto before = noun.empty() ? std::string() : text::format("{} ", noun);
  return usage(
      text::format("there is no command `{}{}`{}{}", before, word, near.empty() ? "" : "; ", near),
      text::format("mcpauth {}--help", before));
}

/// Whether the argument after this global flag is its value. A flag that is not global is an Error.
Result<bool> takes_next(std::string_view flag, const Spec& globals) {
  const auto unknown = [&]() -> Error {
    std::vector<const Option*> known;
    for (const Option& option : globals.options())
      known.push_back(&option);
    auto error = unknown_flag(flag, known, {});
    error.why = "only global flags may come before the command; its own come after it";
    return error;
  };
  if (flag.starts_with("--")) {
    const auto* option = globals.find(flag.substr(0, flag.find('=')));
    if (option == nullptr) return unknown();
    return !option->is_switch() && flag.find('=') == std::string_view::npos;
  }
  for (std::size_t i = 1; i < flag.size(); ++i) {
    const auto* option = globals.find(text::format("-{}", flag[i]));
    if (option == nullptr) return unknown();
    if (!option->is_switch()) return i + 1 == flag.size();
  }
  return false;
}

/// Help and the version are printed wherever they are asked for, whatever else is wrong.
bool asks(std::span<const std::string_view> args, std::string_view short_one,
          std::string_view long_one) {
  for (const auto arg : args) {
    if (arg == "--") return false;
    if (arg == short_one || arg == long_one) return true;
  }
  return false;
}

/// Collects the words of the command one by one.
class Finder {
 public:
  Result<void> add(std::string_view word) {
    if (found_.noun.empty() && word == "help" && !found_.help) {
      found_.help = true;
      return {};
    }
    const auto path =
        found_.noun.empty() ? std::string(word) : text::format("{} {}", found_.noun, word);
    found_.command = command_at(path);
    if (found_.command == nullptr && (!found_.noun.empty() || !is_noun(word))) {
      return unknown_word(found_.noun, word);
    }
    if (found_.command == nullptr) found_.noun = word;
    return {};
  }
  bool complete() const { return found_.command != nullptr; }
  Invocation& found() { return found_; }

 private:
  Invocation found_;
};

}  // namespace

Result<Invocation> find_invocation(std::span<const std::string_view> args, const Spec& globals) {
  Finder finder;
  auto& found = finder.found();
  bool is_value = false;  // of the flag before it
  for (const auto arg : args) {
    const bool flag = !is_value && !finder.complete() && is_flag(arg);
    if (flag) {
      TRY(is_value, takes_next(arg, globals));
      found.rest.emplace_back(arg);
    } else if (is_value || finder.complete()) {
      found.rest.emplace_back(arg);
      is_value = false;
    } else {
      TRY_VOID(finder.add(arg));
    }
  }
  found.help = found.help || asks(args, "-h", "--help");
  found.version = asks(args, "--version", "--version");
  return std::move(found);
}

}  // namespace mcpauth::cli
