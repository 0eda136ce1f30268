#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/policy/lint/rules/names/names.hpp"

// For the rules that compare names with each other.
namespace mcpauth::policy::lint {

/// The name to report, then the other one. The name that is used less is reported; if both are used
/// equally often, the later one.
inline std::pair<const Name*, const Name*> odd_first(const Name& earlier, const Name& later) {
  const bool later_is_odd = later.places.size() <= earlier.places.size();
  return later_is_odd ? std::pair(&later, &earlier) : std::pair(&earlier, &later);
}

/// The first name of its kind under each key.
class Firsts {
 public:
  /// The name that was there before, or null.
  const Name* add(const Name& name, std::string_view key) {
    const auto whole = static_cast<char>(name.kind) + std::string(key);
    const auto [found, is_new] = firsts_.try_emplace(whole, &name);
    return is_new ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string, const Name*> firsts_;
};

}  // namespace mcpauth::policy::lint
