#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// What servers answered, and which: one with no tools is a server too.
struct ServerTools {
  std::vector<std::string> servers = {};  ///< sorted, each once
  std::vector<ListedTool> tools = {};     ///< sorted by name
};

/// The tools of one MCP server, as it answers `tools/list`: the whole JSON-RPC response, its
/// result, or the bare array; named with `server` in front. Without a server, an object that has
/// such an answer for each server: {"hr": …, "code": …}. What annotations do not say is taken as
/// MCP does: not read-only, destructive, of an open world. Refused are what is none of these, a
/// page of several (`nextCursor`), a tool listed twice, and a name that a policy cannot give to one
/// tool or that is longer than MCP's 128 characters. `source` is for the messages. Errc::input.
Result<ServerTools> parse_tools(std::string_view text, std::string_view server,
                                std::string_view source);

/// The groups that there are: a JSON array of strings, or one a line (blank lines and those that
/// begin with `#` are skipped). Each is `idp:group`. Sorted, each once. Errc::input, with the line.
Result<std::vector<std::string>> parse_groups(std::string_view text, std::string_view source);

}  // namespace mcpauth::policy::lint
