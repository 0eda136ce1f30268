#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mcpauth::policy::lint {

/// The names that exist, for lookups and suggestions. The part before the separator (the server of
/// a tool, the IdP of a group) is the name's head; it may be empty. Only the first hundred
/// suggestions are searched for, so that a file that is wrong everywhere does not take minutes.
class KnownNames {
 public:
  /// The names must outlive it. `separator` 0: the names have no heads.
  KnownNames(const std::vector<std::string_view>& names, char separator);

  bool contains(std::string_view name) const { return all_.contains(name); }
  /// Whether some name has the same head.
  bool has_head_of(std::string_view name) const { return by_head_.contains(head(name)); }
  /// Whether the head of this name is similar to the head of some known name.
  bool has_head_near(std::string_view name) const;
  /// The most similar name, if one is similar enough.
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
