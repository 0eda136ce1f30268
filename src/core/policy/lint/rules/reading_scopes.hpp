#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// Tells scopes that only let somebody look from the others. A scope says so itself, by a segment
/// such as `read` or `list`, or all tools that need it do, by their annotations.
class ReadingScopes {
 public:
  explicit ReadingScopes(const Subject& subject);

  /// Of a scope or of a pattern, which reads when all that it matches does.
  bool contains(std::string_view scope) const;

 private:
  std::unordered_set<std::string> of_tools_;  // needed by tools, and only by those that read
};

}  // namespace mcpauth::policy::lint
