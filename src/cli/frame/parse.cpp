#include "cli/frame/parse.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/frame/secret_words.hpp"
#include "cli/frame/usage.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::cli {
namespace {

using Values = std::vector<std::string>;

/// The values on the command line by option, not checked yet.
struct Given {
  std::map<const Option*, Values> values;
  Values loose;  ///< positional arguments, unknown flags and `--`, in order
};

std::string help_of(std::string_view command) {
  return command.empty() ? "mcpauth --help" : text::format("mcpauth {} --help", command);
}

const Option* option_named(std::span<const Option* const> options, std::string_view spelling) {
  for (const Option* option : options) {
    if (option->is_positional()) continue;
    const auto all = option->spellings();
    if (std::ranges::find(all, spelling) != all.end()) return option;
  }
  return nullptr;
}

/// Splits `--name=` in two: CLI11 reads it as a flag without a value and would take the next
/// argument as the value.
Result<std::vector<std::string>> split_empty_values(std::span<const Option* const> options,
                                                    std::span<const std::string> args) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (arg == "--") {
      out.insert(out.end(), args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
      break;
    }
    const auto equals = arg.find('=');
    const auto* option =
        arg.starts_with("--") ? option_named(options, arg.substr(0, equals)) : nullptr;
    const bool has_value = option != nullptr && equals != std::string_view::npos;
    if (has_value && option->is_switch()) {
      return usage(text::format("`{}` takes no value", option->name()));
    }
    if (has_value && equals + 1 == arg.size()) {
      out.emplace_back(arg.substr(0, equals));
      out.emplace_back();
    } else {
      out.emplace_back(arg);
    }
  }
  return out;
}

/// The only place that knows CLI11. CLI11 splits the arguments and assigns them to the options.
/// What is allowed is checked below, so that the rules and the messages are our own.
Result<Given> assign(std::span<const Option* const> options, std::span<const std::string> args,
                     std::string_view command) try {
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  app.allow_windows_style_options(false);
  std::vector<std::pair<const Option*, CLI::Option*>> added;
  for (const Option* option : options) {
    if (option->is_positional()) continue;
    const auto accept = [](const CLI::results_t&) { return true; };
    auto* handle = app.add_option(option->names, accept);
    if (option->is_switch()) {
      handle->type_size(0)->expected(0);
    } else {
      handle->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
    }
    handle->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    added.emplace_back(option, handle);
  }
  TRY(auto words, split_empty_values(options, args));
  std::ranges::reverse(words);  // CLI11 reads from the back
  app.parse(std::move(words));

  Given given{.values = {}, .loose = app.remaining()};
  for (const auto& [option, handle] : added) {
    if (handle->count() > 0) given.values[option] = handle->results();
  }
  return given;
} catch (const CLI::ArgumentMismatch&) {
  // Only the last flag can lack its value.
  return usage(text::format("`{}` needs a value", args.empty() ? "" : args.back()),
               help_of(command));
} catch (const CLI::Error& error) {
  return usage(error.what(), help_of(command));
}

Error unexpected(std::string_view value, std::string_view command) {
  return usage(text::format("unexpected argument `{}`", value), help_of(command));
}

std::string nearest_flag(std::string_view word, std::span<const Option* const> options) {
  std::vector<std::string_view> spellings;
  for (const Option* option : options) {
    if (option->is_positional()) continue;
    const auto all = option->spellings();
    spellings.insert(spellings.end(), all.begin(), all.end());
  }
  return text::did_you_mean(word, spellings);
}

/// Whether the word could be a key id or a file, and is not in the form of our flags.
bool looks_like_value(std::string_view word) {
  const bool bundle = !word.starts_with("--") && word.size() > 2;
  return bundle || word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./") != word.npos;
}

/// The word as it was typed. Of a bundle of short flags CLI11 leaves only the part that it did not
/// understand.
std::string as_typed(const std::string& word, std::span<const std::string> args) {
  if (word.starts_with("--") || std::ranges::find(args, word) != args.end()) return word;
  const auto found = std::ranges::find_if(args, [&](const std::string& arg) {
    return arg.starts_with('-') && !arg.starts_with("--") && arg.ends_with(word.substr(1));
  });
  return found == args.end() ? word : *found;
}

/// The error for an unknown flag where an argument is still missing: the word may be that argument.
Error flag_or_value(const std::string& word, const Option& place,
                    std::span<const Option* const> options, std::span<const std::string> args,
                    std::string_view command) {
  auto error = unknown_flag(word, options, command);
  const bool is_flag = !nearest_flag(word.substr(0, word.find('=')), options).empty();
  if (looks_like_secret(word) || is_flag || !looks_like_value(word)) return error;
  error.why = "a word that begins with a dash is a flag, unless it comes after --";
  error.hint = text::format("if it is the {}, put -- before it: mcpauth {} -- {}", place.names,
                            command, as_typed(word, args));
  return error;
}

/// Assigns the positional arguments in order. An option that repeats takes all that are left.
Result<void> assign_positions(std::span<const Option* const> options,
                              std::span<const std::string> args, std::string_view command,
                              Given& given) {
  bool only_positions = false;
  std::vector<const Option*> places;
  std::ranges::copy_if(options, std::back_inserter(places), &Option::is_positional);
  std::size_t next = 0;
  for (const auto& word : given.loose) {
    if (!only_positions && word == "--") {
      only_positions = true;
      continue;
    }
    const bool is_flag = word.size() > 1 && word.starts_with('-');
    if (!only_positions && is_flag) {
      return next == places.size() ? unknown_flag(word, options, command)
                                   : flag_or_value(word, *places[next], options, args, command);
    }
    if (next == places.size()) {
      if (looks_like_secret(word)) return secret_on_command_line("an argument");
      return unexpected(word, command);
    }
    given.values[places[next]].push_back(word);
    if (!places[next]->repeats) ++next;
  }
  return {};
}

/// A known flag in the place of a value means that the value was forgotten. `--flag=--value` is the
/// way to give such a value.
Result<void> check_no_value_is_a_flag(std::span<const Option* const> options,
                                      std::span<const std::string> args, const Given& given) {
  for (const auto& [option, values] : given.values) {
    for (const auto& value : values) {
      if (!value.starts_with("--") || option_named(options, value) == nullptr) continue;
      const auto meant = text::format("{}={}", option->name(), value);
      if (std::ranges::find(args, meant) != args.end()) continue;
      return usage(text::format("`{}` needs a value, and `{}` is a flag", option->name(), value),
                   text::format("if that is the value, write {}", meant));
    }
  }
  return {};
}

/// Takes the values of options that were not given from the environment.
Result<void> add_variables(std::span<const Option* const> options, const Variables& variable,
                           Given& given) {
  for (const Option* option : options) {
    if (option->variable.empty() || given.values.contains(option)) continue;
    const auto value = variable(option->variable);
    if (!value || value->empty()) continue;
    if (!option->is_switch()) {
      given.values[option] = {*value};
    } else if (*value == "1" || *value == "true") {
      given.values[option] = {""};
    } else if (*value != "0" && *value != "false") {
      return usage(text::format("`{}` is neither 1 nor 0", option->variable));
    }
  }
  return {};
}

Result<void> check_choice(const Option& option, const std::string& value,
                          const std::string& label) {
  if (option.choices.empty() || std::ranges::find(option.choices, value) != option.choices.end()) {
    return {};
  }
  const std::vector<std::string_view> choices(option.choices.begin(), option.choices.end());
  const auto near = text::did_you_mean(value, choices);
  return usage(
      text::format("{}: `{}` is not one of {}", label, value, text::join(option.choices, ", ")),
      near);
}

Error empty_value(const Option& option) {
  const std::string_view leave =
      option.is_positional() || option.required ? "give" : "leave the flag out, or give";
  return usage(text::format("{} is empty", option.name()),
               text::format("{} a value; is a variable unset?", leave));
}

/// Checks the values of one option and stores them.
Result<void> store(const Option& option, const Values& values, bool from_variable) {
  const std::string name(option.name());
  const std::string label = from_variable ? std::string(option.variable) : name;
  if (values.size() > 1 && !option.repeats && !option.is_switch()) {
    return usage(text::format("`{}` is given {} times", name, values.size()), "give it once");
  }
  for (const auto& value : values) {
    if (value.empty() && !option.is_switch() && !option.may_be_empty) return empty_value(option);
    if (looks_like_secret(value)) return secret_on_command_line("`" + name + "`");
    TRY_VOID(check_choice(option, value, label));
    if (auto taken = option.parse(option.is_switch() ? std::string_view{} : value); !taken) {
      auto error = std::move(taken).error().context(label);
      error.code = Errc::usage;
      return error;
    }
  }
  return {};
}

}  // namespace

Error unknown_flag(std::string_view flag, std::span<const Option* const> options,
                   std::string_view command) {
  if (looks_like_secret(flag)) return secret_on_command_line("an argument");
  const auto bare = flag.substr(0, flag.find('='));
  const auto near = nearest_flag(bare, options);
  return usage(text::format("unknown flag `{}`{}{}", bare, near.empty() ? "" : "; ", near),
               help_of(command));
}

Result<void> parse(std::span<const Option* const> options, std::span<const std::string> args,
                   const Variables& variable, std::string_view command) {
  TRY(auto given, assign(options, args, command));
  TRY_VOID(check_no_value_is_a_flag(options, args, given));
  TRY_VOID(assign_positions(options, args, command, given));
  const auto on_command_line = given.values;
  TRY_VOID(add_variables(options, variable, given));
  for (const Option* option : options) {
    const auto found = given.values.find(option);
    if (found == given.values.end()) continue;
    TRY_VOID(store(*option, found->second, !on_command_line.contains(option)));
  }
  for (const Option* option : options) {
    if (!option->required || given.values.contains(option)) continue;
    return usage(text::format("`{}` is missing", option->name()), help_of(command));
  }
  return {};
}

}  // namespace mcpauth::cli
