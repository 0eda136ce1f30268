#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcpauth::policy {

// A scope is segments of [A-Za-z0-9._-]+ joined by `:`, at most 256 bytes. In a scope pattern a
// segment may be `*`, and the last one `**`. A wildcard is always a whole segment.

enum class Wildcards { no, yes };

/// Why this is not a scope, or with wildcards not a scope pattern: a phrase that follows the quoted
/// text. Nothing when it is one.
std::optional<std::string> scope_fault(std::string_view text, Wildcards wildcards);

/// Takes the first segment off `rest`, with the `:` after it.
std::string_view next_segment(std::string_view& rest);

/// Whether a well-formed pattern has no wildcard and so names one scope.
inline bool is_concrete(std::string_view pattern) {
  return pattern.find('*') == std::string_view::npos;
}

/// Whether the well-formed pattern matches the concrete scope. `*` matches exactly one segment, a
/// last `**` one or more.
bool scope_matches(std::string_view pattern, std::string_view scope);

// A tool is `server/tool`: two halves that are not empty. A tool pattern is printable ASCII of at
// most 256 bytes. In it, `*` matches any run of characters within its half, even an empty one.

/// Why this is not a tool pattern, in the same form.
std::optional<std::string> tool_fault(std::string_view text);

/// Whether a called tool has the form `server/tool`.
bool is_tool(std::string_view tool);

/// Whether the well-formed pattern matches the tool.
bool tool_matches(std::string_view pattern, std::string_view tool);

/// How specific a tool pattern is: its characters that are not `*`.
std::size_t literal_count(std::string_view pattern);

}  // namespace mcpauth::policy
