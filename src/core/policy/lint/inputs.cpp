#include "core/policy/lint/inputs.hpp"

#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr json::Limits kLimits{.bytes = 32 << 20, .depth = 64, .values = 4'000'000};
constexpr std::size_t kMostTools = 100'000;
constexpr std::size_t kLongestName = 128;  // MCP 2025-11-25, tool names
constexpr std::size_t kMostGroups = 1'000'000;

Error bad_input(std::string_view source, std::string_view message, std::string hint = {}) {
  return {.code = Errc::input,
          .message = text::format("`{}`: {}", source, message),
          .hint = std::move(hint)};
}

/// A hint in the annotations of a tool, or the default of MCP.
Result<bool> hint_of(const json::Value* annotations, std::string_view name, bool otherwise) {
  const auto* value = annotations == nullptr ? nullptr : annotations->find(name);
  if (value == nullptr || value->is_null()) return otherwise;
  if (value->boolean() == nullptr) {
    return Error{.code = Errc::input,
                 .message = text::format("`{}` is neither true nor false", name)};
  }
  return *value->boolean();
}

/// Reads the answers of servers into one list.
class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  Result<void> answer(const json::Value& value, std::string_view server) {
    const auto* result = value.find("result");
    const auto& answer = result == nullptr ? value : *result;
    if (value.find("error") != nullptr && result == nullptr) {
      return bad_input(source_,
                       text::format("the answer of `{}` is an error, not its tools", server));
    }
    if (const auto* more = answer.find("nextCursor"); more != nullptr && !more->is_null()) {
      return bad_input(
          source_,
          text::format("the answer of `{}` is one page of several: `nextCursor` names the next",
                       server),
          "put the tools of all pages into one array");
    }
    const auto* list = answer.array() != nullptr ? &answer : answer.find("tools");
    if (list == nullptr || list->array() == nullptr)
      return bad_input(source_, text::format("the answer of `{}` has no list of tools", server));
    lists_.servers.emplace_back(server);
    for (const auto& tool : *list->array())
      TRY_VOID(add(tool, server));
    return {};
  }

  Result<ServerTools> take() {
    auto& tools = lists_.tools;
    std::ranges::sort(lists_.servers);
    std::ranges::sort(tools, {}, &ListedTool::name);
    const auto twice = std::ranges::adjacent_find(tools, {}, &ListedTool::name);
    if (twice != tools.end())
      return bad_input(source_, text::format("tool `{}` is listed twice", twice->name));
    return std::move(lists_);
  }

 private:
  Result<void> add(const json::Value& tool, std::string_view server) {
    const auto* name = tool.find("name");
    if (name == nullptr || name->string() == nullptr)
      return bad_input(source_, "a tool has no name");
    ListedTool out{.name = text::format("{}/{}", server, *name->string())};
    if (name->string()->size() > kLongestName) {
      return bad_input(source_,
                       text::format("tool `{}` of `{}` has a name of more than {} characters",
                                    text::excerpt(out.name), server, kLongestName));
    }
    if (!policy::is_tool(out.name) || out.name.find('*') != out.name.npos ||
        text::printable(out.name) != out.name) {
      return bad_input(source_,
                       text::format("`{}` is not a tool that a policy could name", out.name));
    }
    if (lists_.tools.size() >= kMostTools)
      return bad_input(source_, text::format("more than {} tools", kMostTools));
    const auto* annotations = tool.find("annotations");
    auto read_only = hint_of(annotations, "readOnlyHint", false);
    auto destructive = hint_of(annotations, "destructiveHint", true);
    auto open_world = hint_of(annotations, "openWorldHint", true);
    for (auto* hint : {&read_only, &destructive, &open_world}) {
      if (!*hint)
        return bad_input(source_,
                         text::format("of tool `{}`, {}", out.name, hint->error().message));
    }
    out.is_read_only = *read_only;
    out.is_destructive = !*read_only && *destructive;
    out.is_open_world = *open_world;
    lists_.tools.push_back(std::move(out));
    return {};
  }

  std::string_view source_;
  ServerTools lists_;
};

/// Whether this is the answer of one server, not an object with the answers of several.
bool is_answer(const json::Value& value) {
  const auto* tools = value.find("tools");
  return value.array() != nullptr || (tools != nullptr && tools->array() != nullptr) ||
         value.find("jsonrpc") != nullptr || value.find("result") != nullptr;
}

bool is_group(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon != 0 && colon + 1 != text.size();
}

Result<std::vector<std::string>> groups_of_json(std::string_view text, std::string_view source) {
  const auto document = json::parse(text, kLimits);
  if (!document) return bad_input(source, document.error().message);
  std::vector<std::string> groups;
  for (const auto& item : *document->array()) {
    if (item.string() == nullptr)
      return bad_input(source, "the array holds a value that is not a string");
    groups.push_back(*item.string());
  }
  return groups;
}

/// One group a line, so that the index gives the line. A skipped line is an empty string.
std::vector<std::string> groups_of_lines(std::string_view text) {
  std::vector<std::string> groups;
  for (auto line : text::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool is_skipped =
        line.find_first_not_of(" \t") == std::string_view::npos || line.starts_with('#');
    groups.emplace_back(is_skipped ? std::string_view{} : line);
  }
  return groups;
}

}  // namespace

Result<ServerTools> parse_tools(std::string_view text, std::string_view server,
                                std::string_view source) {
  const auto document = json::parse(text, kLimits);
  if (!document) return bad_input(source, document.error().message);
  Reader reader(source);
  if (!server.empty()) {
    TRY_VOID(reader.answer(*document, server));
    return reader.take();
  }
  if (is_answer(*document)) {
    return bad_input(source, "it does not say whose tools these are",
                     text::format("name the server, as in --tools hr={}", source));
  }
  if (document->object() == nullptr) return bad_input(source, "there is no list of tools");
  for (const auto& [name, answer] : *document->object())
    TRY_VOID(reader.answer(answer, name));
  return reader.take();
}

Result<std::vector<std::string>> parse_groups(std::string_view text, std::string_view source) {
  if (text.size() > kLimits.bytes) return bad_input(source, "it is larger than 32 MiB");
  if (!text::is_utf8(text)) return bad_input(source, "it is not UTF-8");
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '[';
  std::vector<std::string> groups;
  if (is_json) {
    TRY(groups, groups_of_json(text, source));
  } else {
    groups = groups_of_lines(text);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if ((groups[i].empty() && !is_json) || is_group(groups[i])) continue;
    return bad_input(
        source,
        text::format("{} {} is not idp:group: `{}`", is_json ? "item" : "line", i + 1, groups[i]),
        "write each like okta:HR");
  }
  std::ranges::sort(groups);
  const auto [again, end] = std::ranges::unique(groups);
  groups.erase(again, end);
  std::erase(groups, std::string{});
  if (groups.size() > kMostGroups)
    return bad_input(source, text::format("more than {} groups", kMostGroups));
  return groups;
}

}  // namespace mcpauth::policy::lint
