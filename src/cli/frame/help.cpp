#include "cli/frame/help.hpp"

#include <algorithm>

#include "cli/frame/commands.hpp"
#include "cli/frame/globals.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kWidth = 80;

/// Breaks at blanks. The first line starts where the caller left off, at column `indent`.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const auto word : text::split(text, ' ')) {
    const bool first = column == indent;
    if (!first && column + 1 + word.size() > kWidth) {
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

std::string heading(std::string_view text, Style style) {
  const std::string line = std::string(text) + ":";
  return "\n" + (style == Style::terminal ? "\033[1m" + line + "\033[0m" : line) + "\n";
}

struct Row {
  std::string left;
  std::string right;
};

/// Two columns; a left side that is too long gets its own line.
std::string table(const std::vector<Row>& rows) {
  constexpr std::size_t kMost = 26;
  std::size_t left = 0;
  for (const auto& row : rows) {
    if (row.left.size() <= kMost) left = std::max(left, row.left.size());
  }
  const std::size_t indent = left + 4;
  std::string out;
  for (const auto& row : rows) {
    out += "  " + row.left;
    out += row.left.size() > left ? "\n" + std::string(indent, ' ')
                                  : std::string(indent - 2 - row.left.size(), ' ');
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
    out += "  " + std::string(example.line) + "\n      " + wrapped(example.says, 6) + '\n';
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
  std::string names;
  for (const auto& option : globals.options()) {
    const bool hidden = std::ranges::any_of(
        option.spellings(), [&](std::string_view s) { return own.find(s) != nullptr; });
    if (!hidden) names += (names.empty() ? "" : " ") + std::string(option.name());
  }
  return "  " + wrapped(names + " (see mcpauth --help)", 2) + '\n';
}

}  // namespace

std::string describe(const Option& option) {
  std::string notes;
  const auto add = [&](const std::string& note) { notes += (notes.empty() ? "" : "; ") + note; };
  if (!option.choices.empty()) {
    std::string list;
    for (const auto& choice : option.choices)
      list += (list.empty() ? "" : ", ") + choice;
    add(list);
  }
  if (!option.default_text.empty()) add("default " + option.default_text);
  if (option.required && !option.is_positional()) add("required");
  if (option.repeats) add("may be repeated");
  if (!option.variable.empty()) add("or $" + std::string(option.variable));
  return option.help + (notes.empty() ? "" : " (" + notes + ")");
}

std::string usage_of(const Spec& spec) {
  std::string out;
  const auto add = [&](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
  const auto& options = spec.options();
  const bool has_optional = std::ranges::any_of(
      options, [](const Option& o) { return !o.is_positional() && !o.required; });
  if (has_optional) add("[FLAGS]");
  for (const auto& option : options) {
    if (option.is_positional() || !option.required) continue;
    add(std::string(option.name()) + (option.is_switch() ? "" : " " + option.value_name));
  }
  for (const auto& option : options) {
    if (!option.is_positional()) continue;
    const std::string name = option.names + (option.repeats ? "..." : "");
    add(option.required ? name : "[" + name + "]");
  }
  return out;
}

std::string help_page(const Command& command, Style style) {
  Spec spec;
  const Action unused = command.bind(spec);
  const auto any = [&](bool positional) {
    return std::ranges::any_of(spec.options(),
                               [&](const Option& o) { return o.is_positional() == positional; });
  };
  const std::string usage = usage_of(spec);
  std::string out = "mcpauth " + std::string(command.path) + ": " + std::string(command.summary);
  out += "\n" + heading("Usage", style) + "  mcpauth " + std::string(command.path);
  out += (usage.empty() ? "" : " " + usage) + "\n";
  if (!command.description.empty()) out += "\n" + paragraphs(command.description);
  if (any(true)) out += heading("Arguments", style) + options_table(spec, true);
  if (any(false)) out += heading("Flags", style) + options_table(spec, false);
  out += heading("Global flags", style) + globals_line(spec);
  out += heading("Examples", style) + examples_of(command);
  out += heading("Exit status", style) + exits_of(command);
  return out;
}

std::string noun_page(std::string_view noun, Style style) {
  std::string out = "mcpauth " + std::string(noun);
  for (const auto& known : nouns()) {
    if (known.name == noun) out += ": " + std::string(known.summary);
  }
  out += "\n" + heading("Usage", style) + "  mcpauth " + std::string(noun) + " VERB [FLAGS]\n";
  std::vector<Row> rows;
  for (const Command* command : commands()) {
    if (command->noun() == noun) {
      rows.push_back({std::string(command->path), std::string(command->summary)});
    }
  }
  out += heading("Commands", style) + table(rows);
  return out + "\nmcpauth " + std::string(noun) + " VERB --help says more.\n";
}

std::string overview_page(Style style) {
  std::string out = "mcpauth: secure the way between people, agents and MCP servers\n";
  out += heading("Usage", style) + "  mcpauth [GLOBAL FLAGS] COMMAND [FLAGS] [ARGUMENTS]\n";
  std::vector<Row> rows;
  for (const Command* command : commands()) {
    if (command->is_hidden()) continue;
    rows.push_back({std::string(command->path), std::string(command->summary)});
  }
  out += heading("Commands", style) + table(rows);
  GlobalFlags flags;
  Spec globals;
  bind_globals(globals, flags);
  out += heading("Global flags", style) + options_table(globals, false);
  return out + "\nmcpauth COMMAND --help says more, with examples and exit statuses.\n";
}

}  // namespace mcpauth::cli
