#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/analysis/explain.hpp"

namespace mcpauth::policy::test {

/// How much of one policy its tests cover. The engine must outlive it.
class Coverage {
 public:
  explicit Coverage(const policy::Engine& engine) : engine_(&engine) {}

  /// A question that a test asked, and how it was decided.
  void add(const analysis::Question& question, const policy::Decision& decision, Instant now);

  struct Part {
    std::string_view what;  ///< "roles", "scopes", "tools", "denies"
    std::size_t covered = 0;
    std::size_t total = 0;
    std::vector<std::string> missing = {};
  };
  std::vector<Part> parts() const;

 private:
  const policy::Engine* engine_;
  std::set<const policy::Role*> roles_;
  std::set<std::string, std::less<>> scopes_;
  std::set<const policy::Tool*> tools_;
  std::set<const policy::Text*> denies_;
};

/// Rounded down, so it is 100 only when nothing is missing.
unsigned percent(std::size_t covered, std::size_t total);

}  // namespace mcpauth::policy::test
