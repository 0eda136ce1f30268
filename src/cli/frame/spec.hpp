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

/// What the completion of a shell offers for a value.
enum class Completes { nothing, file, directory, algorithm, choice, kid, role, tool, org };

/// One flag or positional argument. The parser, help, man page and completions read it.
struct Option {
  std::string names;       ///< "-a,--audience", or "TOKEN" for a positional argument
  std::string value_name;  ///< "URL"; empty for a switch and for a positional argument
  std::string help;        ///< one line, no period
  std::string default_text = {};
  std::vector<std::string> choices = {};
  Completes completes = Completes::nothing;
  bool required = false;
  bool repeats = false;
  /// Whether an empty value has a meaning. For any other option it is an error: it comes from a
  /// shell variable that is not set, and to ignore the flag would do something else than was asked
  /// for.
  bool may_be_empty = false;
  /// The environment variable that is used when the flag is not given, as in "MCPAUTH_AUDIENCE".
  /// For a flag that repeats it holds one value; a switch is on for "1" and "true". A dangerous
  /// flag has none.
  std::string_view variable = {};
  /// Parses one value (empty for a switch) and stores it. An Error becomes a usage error that names
  /// the flag.
  std::function<Result<void>(std::string_view)> parse = {};

  bool is_positional() const { return !names.starts_with('-'); }
  bool is_switch() const { return !is_positional() && value_name.empty(); }
  /// {"-a", "--audience"}
  std::vector<std::string_view> spellings() const;
  /// The spelling to show: the long one if there is one.
  std::string_view name() const;
};

/// The options that a command declares. An `argument` with a plain string as its target is
/// required. Everything else is optional unless `required` is set. Each function returns the new
/// Option, so that what is rarely needed can be set on it:
///
///     spec.value("--alg", "ALG", "Algorithm", o->alg).choices = {...};
class Spec {
 public:
  Option& flag(std::string names, std::string help, bool& target);
  Option& value(std::string names, std::string value_name, std::string help, std::string& target);
  Option& value(std::string names, std::string value_name, std::string help,
                std::optional<std::string>& target);
  Option& values(std::string names, std::string value_name, std::string help,
                 std::vector<std::string>& target);
  /// A value of any other type: `parse` parses and stores it.
  Option& custom(std::string names, std::string value_name, std::string help,
                 std::function<Result<void>(std::string_view)> parse);
  /// A positional argument; `arguments` takes any number of them.
  Option& argument(std::string name, std::string help, std::string& target);
  Option& argument(std::string name, std::string help, std::optional<std::string>& target);
  Option& arguments(std::string name, std::string help, std::vector<std::string>& target);

  const std::deque<Option>& options() const { return options_; }
  /// The option that has this spelling, or null.
  const Option* find(std::string_view spelling) const;

 private:
  Option& add(Option option);

  std::deque<Option> options_;  // a deque: references to its elements stay valid
};

}  // namespace mcpauth::cli
