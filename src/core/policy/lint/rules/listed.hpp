#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mcpauth::policy::lint {

/// Names that there are, to look up and to suggest from. What stands before the separator (the
/// server of a tool, the IdP of a group) is the name's head; without one it is empty. Only the
/// first hundred suggestions are looked for: a file that is wrong everywhere must not take minutes.
class Listed {
 public:
  /// The names must outlive it. `separator` 0: the names have no heads.
  Listed(const std::vector<std::string_view>& names, char separator);

  bool contains(std::string_view name) const { return all_.contains(name); }
  /// Whether some name has the same head.
  bool has_head_of(std::string_view name) const { return by_head_.contains(head(name)); }
  /// Whether some name's head is nearly that of this one.
  bool has_head_near(std::string_view name) const;
  /// The nearest name, or nothing.
  std::optional<std::string> nearest(std::string_view name);

  std::string_view head(std::string_view name) const;

 private:
  std::string_view tail(std::string_view name) const;

  char separator_;
  std::unordered_set<std::string_view> all_;
  std::unordered_map<std::string_view, std::vector<std::string_view>> by_head_;
  std::vector<std::string_view> heads_;
  unsigned asked_ = 0;
};

}  // namespace mcpauth::policy::lint
