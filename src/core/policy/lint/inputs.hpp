#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// The answers of servers to tools/list.
struct ServerTools {
  std::vector<std::string> servers = {};  ///< sorted, each once; also those without tools
  std::vector<ListedTool> tools = {};     ///< sorted by name
};

/// Reads the answer of one MCP server to `tools/list`: the whole JSON-RPC response, its result, or
/// the bare array of tools. The tools are named `server/tool`. When `server` is empty, the text is
/// an object with such an answer for each server: {"hr": …, "code": …}. Annotations that are
/// missing have the defaults of MCP: not read-only, destructive, open world.
///
/// Errc::input when the text is none of these or one page of several (`nextCursor`), when a tool is
/// listed twice, and when a tool has a name that no policy could use or that is longer than the 128
/// characters of MCP. `source` names the text in messages.
Result<ServerTools> parse_tools(std::string_view text, std::string_view server,
                                std::string_view source);

/// Reads the groups that exist, each as `idp:group`: a JSON array of strings, or one a line. Blank
/// lines and lines that begin with `#` are skipped. The result is sorted, each group once.
/// Errc::input, with the number of the line or item, when one is not a group.
Result<std::vector<std::string>> parse_groups(std::string_view text, std::string_view source);

}  // namespace mcpauth::policy::lint
