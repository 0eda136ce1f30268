#include "cli/frame/spec.hpp"

#include <algorithm>
#include <utility>

#include "core/codec/text.hpp"

namespace mcpauth::cli {

std::vector<std::string_view> Option::spellings() const {
  return text::split(names, ',');
}

std::string_view Option::name() const {
  const auto all = spellings();
  const auto long_one =
      std::ranges::find_if(all, [](std::string_view s) { return s.starts_with("--"); });
  return long_one == all.end() ? all.front() : *long_one;
}

Option& Spec::add(Option option) {
  return options_.emplace_back(std::move(option));
}

Option& Spec::flag(std::string names, std::string help, bool& target) {
  return add({.names = std::move(names),
              .value_name = {},
              .help = std::move(help),
              .parse = [&target](std::string_view) {
                target = true;
                return Result<void>{};
              }});
}

Option& Spec::value(std::string names, std::string value_name, std::string help,
                    std::string& target) {
  return custom(std::move(names), std::move(value_name), std::move(help),
                [&target](std::string_view value) {
                  target = value;
                  return Result<void>{};
                });
}

Option& Spec::value(std::string names, std::string value_name, std::string help,
                    std::optional<std::string>& target) {
  return custom(std::move(names), std::move(value_name), std::move(help),
                [&target](std::string_view value) {
                  target = value;
                  return Result<void>{};
                });
}

Option& Spec::values(std::string names, std::string value_name, std::string help,
                     std::vector<std::string>& target) {
  auto& option = custom(std::move(names), std::move(value_name), std::move(help),
                        [&target](std::string_view value) {
                          target.emplace_back(value);
                          return Result<void>{};
                        });
  option.repeats = true;
  return option;
}

Option& Spec::custom(std::string names, std::string value_name, std::string help,
                     std::function<Result<void>(std::string_view)> parse) {
  return add({.names = std::move(names),
              .value_name = std::move(value_name),
              .help = std::move(help),
              .parse = std::move(parse)});
}

Option& Spec::argument(std::string name, std::string help, std::string& target) {
  auto& option = value(std::move(name), {}, std::move(help), target);
  option.required = true;
  return option;
}

Option& Spec::argument(std::string name, std::string help, std::optional<std::string>& target) {
  return value(std::move(name), {}, std::move(help), target);
}

Option& Spec::arguments(std::string name, std::string help, std::vector<std::string>& target) {
  return values(std::move(name), {}, std::move(help), target);
}

const Option* Spec::find(std::string_view spelling) const {
  const auto found = std::ranges::find_if(options_, [&](const Option& option) {
    const auto all = option.spellings();
    return !option.is_positional() && std::ranges::find(all, spelling) != all.end();
  });
  return found == options_.end() ? nullptr : &*found;
}

}  // namespace mcpauth::cli
