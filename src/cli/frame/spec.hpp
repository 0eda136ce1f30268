#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::cli {

struct Example {
  std::string_view line;  ///< what to type
  std::string_view says;  ///< what it does, no period
};

/// What a shell can offer for a value.
enum class Completes { nothing, file, directory, algorithm, choice, kid, role, tool, org };

/// One flag or argument as declared: the parser, help, man page and completions read it.
struct Option {
  std::string names;       ///< "-a,--audience", or "TOKEN" for an argument by position
  std::string value_name;  ///< "URL"; empty for a switch and for an argument by position
  std::string help;        ///< one line, no period
  std::string default_text = {};
  std::vector<std::string> choices = {};
  Completes completes = Completes::nothing;
  bool required = false;
  bool repeats = false;
  /// Whether an empty value means something. Elsewhere it is a shell's variable that was not set,
  /// and taking it for a flag that is not there would lose what was asked for.
  bool may_be_empty = false;
  /// The environment variable that stands in for the flag, as in "MCPAUTH_AUDIENCE". For a flag
  /// that repeats it holds one value; a switch is on for "1" and "true". Never for dangerous ones.
  std::string_view variable = {};
  /// Takes one value (empty for a switch); the Error becomes a usage error that names the flag.
  std::function<Result<void>(std::string_view)> take = {};

  bool is_positional() const { return !names.starts_with('-'); }
  bool is_switch() const { return !is_positional() && value_name.empty(); }
  /// "-a" and "--audience" apart.
  std::vector<std::string_view> spellings() const;
  /// The one to show: the long one where there is one.
  std::string_view name() const;
};

/// Collects what a command declares. Chain on the returned Option for the rare rest:
/// `spec.value("--alg", "ALG", "Algorithm", o->alg).choices = {...};`
/// Everything but `arguments` and an optional target is required only when said so; an `argument`
/// into a plain string is required.
class Spec {
 public:
  Option& flag(std::string names, std::string help, bool& target);
  Option& value(std::string names, std::string value_name, std::string help, std::string& target);
  Option& value(std::string names, std::string value_name, std::string help,
                std::optional<std::string>& target);
  Option& values(std::string names, std::string value_name, std::string help,
                 std::vector<std::string>& target);
  /// Any other type: `take` parses and stores.
  Option& custom(std::string names, std::string value_name, std::string help,
                 std::function<Result<void>(std::string_view)> take);
  /// An argument by position; several when the target is a vector.
  Option& argument(std::string name, std::string help, std::string& target);
  Option& argument(std::string name, std::string help, std::optional<std::string>& target);
  Option& arguments(std::string name, std::string help, std::vector<std::string>& target);

  const std::deque<Option>& options() const { return options_; }
  /// The option that has this spelling, or null.
  const Option* find(std::string_view spelling) const;

 private:
  Option& add(Option option);

  std::deque<Option> options_;  // a deque, so that the references given out stay good
};

}  // namespace mcpauth::cli
