#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// Knows the scopes that only let their holders read. A scope is one if a segment of it says so,
/// such as `read` or `list`, or if every tool that needs it is annotated as read-only.
class ReadingScopes {
 public:
  explicit ReadingScopes(const Subject& subject);

  /// Also for a pattern: then whether all that it matches only reads.
  bool contains(std::string_view scope) const;

 private:
  std::unordered_set<std::string> of_tools_;  // needed by tools, and only by those that read
};

}  // namespace mcpauth::policy::lint
