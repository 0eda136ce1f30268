#include "cli/frame/help.hpp"

#include <algorithm>

#include "cli/frame/commands.hpp"
#include "cli/frame/globals.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kHelpWidth = 80;

/// Breaks the text at blanks. The first line starts at column `indent`, where the caller stopped;
/// the others are indented to it.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const auto word : text::split(text, ' ')) {
    const bool first = column == indent;
    if (!first && column + 1 + word.size() > kHelpWidth) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string heading(std::string_view text, bool color) {
  const auto line = text::styled(text::format("{}:", text), text::Style::bold, color);
  return text::format("\n{}\n", line);
}

struct Row {
  std::string left;
  std::string right;
};

/// Two columns. A left side that is too long gets a line of its own.
std::string table(const std::vector<Row>& rows) {
  constexpr std::size_t kMost = 26;
  std::size_t left = 0;
  for (const auto& row : rows) {
    if (row.left.size() <= kMost) left = std::max(left, row.left.size());
  }
  const std::size_t indent = left + 4;
  std::string out;
  for (const auto& row : rows) {
    const bool fits = row.left.size() <= left;
    out += "  " + text::padded(row.left, left) + (fits ? "  " : "\n" + std::string(indent, ' '));
    out += wrapped(row.right, indent) + '\n';
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (const auto line : text::split(text, '\n'))
    out += wrapped(line, 0) + '\n';
  return out;
}

std::string left_side(const Option& option) {
  if (option.is_positional()) return option.names + (option.repeats ? "..." : "");
  std::string out;
  for (const auto spelling : option.spellings()) {
    if (out.empty() && spelling.starts_with("--")) out += "    ";
    if (!out.empty() && out != "    ") out += ", ";
    out += spelling;
  }
  if (!option.is_switch()) out += " " + option.value_name;
  return out;
}

std::string options_table(const Spec& spec, bool positional) {
  std::vector<Row> rows;
  for (const auto& option : spec.options()) {
    if (option.is_positional() == positional) rows.push_back({left_side(option), describe(option)});
  }
  return table(rows);
}

std::string examples_of(const Command& command) {
  std::string out;
  for (const auto& example : command.examples) {
    out += text::format("  {}\n      {}\n", example.line, wrapped(example.says, 6));
  }
  return out;
}

std::string exits_of(const Command& command) {
  std::vector<Row> rows;
  for (const auto number : text::split(command.exits, ' ')) {
    const auto status = static_cast<Exit>(number.front() - '0');
    rows.push_back({std::string(number), std::string(meaning(status))});
  }
  return table(rows);
}

std::string globals_line(const Spec& own) {
  GlobalFlags flags;
  Spec globals;
  bind_globals(globals, flags);
  std::vector<std::string_view> names;
  for (const auto& option : globals.options()) {
    const bool hidden = std::ranges::any_of(
        option.spellings(), [&](std::string_view s) { return own.find(s) != nullptr; });
    if (!hidden) names.push_back(option.name());
  }
  const auto line = text::join(names, " ") + " (see mcpauth --help)";
  return text::format("  {}\n", wrapped(line, 2));
}

/// "[FLAGS] --audience URL TOKEN": what comes after the command's words.
std::string usage_of(const Spec& spec) {
  std::vector<std::string> words;
  const auto& options = spec.options();
  const bool has_optional = std::ranges::any_of(
      options, [](const Option& o) { return !o.is_positional() && !o.required; });
  if (has_optional) words.emplace_back("[FLAGS]");
  for (const auto& option : options) {
    if (option.is_positional() || !option.required) continue;
    words.emplace_back(option.name());
    if (!option.is_switch()) words.push_back(option.value_name);
  }
  for (const auto& option : options) {
    if (!option.is_positional()) continue;
    const auto name = option.names + (option.repeats ? "..." : "");
    words.push_back(option.required ? name : text::format("[{}]", name));
  }
  return text::join(words, " ");
}

}  // namespace

std::string describe(const Option& option) {
  std::vector<std::string> notes;
  if (!option.choices.empty()) notes.push_back(text::join(option.choices, ", "));
  if (!option.default_text.empty()) notes.push_back("default " + option.default_text);
  if (option.required && !option.is_positional()) notes.emplace_back("required");
  if (option.repeats) notes.emplace_back("may be repeated");
  if (!option.variable.empty()) notes.push_back(text::format("or ${}", option.variable));
  if (notes.empty()) return option.help;
  return text::format("{} ({})", option.help, text::join(notes, "; "));
}

std::string help_page(const Command& command, bool color) {
  Spec spec;
  const Action unused = command.bind(spec);
  const auto any = [&](bool positional) {
    return std::ranges::any_of(spec.options(),
                               [&](const Option& o) { return o.is_positional() == positional; });
  };
  const std::string usage = usage_of(spec);
  auto out = text::format("mcpauth {}: {}\n{}  mcpauth {}{}{}\n", command.path, command.summary,
                          heading("Usage", color), command.path, usage.empty() ? "" : " ", usage);
  if (!command.description.empty()) out += "\n" + paragraphs(command.description);
  if (any(true)) out += heading("Arguments", color) + options_table(spec, true);
  if (any(false)) out += heading("Flags", color) + options_table(spec, false);
  out += heading("Global flags", color) + globals_line(spec);
  out += heading("Examples", color) + examples_of(command);
  out += heading("Exit status", color) + exits_of(command);
  return out;
}

std::string noun_page(std::string_view noun, bool color) {
  const auto known = std::ranges::find(nouns(), noun, &Noun::name);
  auto out = text::format("mcpauth {}: {}\n{}  mcpauth {} VERB [FLAGS]\n", noun, known->summary,
                          heading("Usage", color), noun);
  std::vector<Row> rows;
  for (const Command* command : commands()) {
    if (command->noun() == noun) {
      rows.push_back({std::string(command->path), std::string(command->summary)});
    }
  }
  out += heading("Commands", color) + table(rows);
  return out + text::format("\nSee mcpauth {} VERB --help for the flags of a command.\n", noun);
}

std::string overview_page(bool color) {
  std::string out = "mcpauth: secure the connections between people, agents and MCP servers\n";
  out += heading("Usage", color) + "  mcpauth [GLOBAL FLAGS] COMMAND [FLAGS] [ARGUMENTS]\n";
  std::vector<Row> rows;
  for (const Command* command : commands()) {
    if (command->is_hidden()) continue;
    rows.push_back({std::string(command->path), std::string(command->summary)});
  }
  out += heading("Commands", color) + table(rows);
  GlobalFlags flags;
  Spec globals;
  bind_globals(globals, flags);
  out += heading("Global flags", color) + options_table(globals, false);
  return out + "\nSee mcpauth COMMAND --help for flags, examples and exit statuses.\n";
}

}  // namespace mcpauth::cli
