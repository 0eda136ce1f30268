#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

using GrantId = std::uint32_t;  ///< position in Policy::grants

/// Finds the grants that apply to a principal without looking at all of them. The policy must
/// outlive it.
class GrantIndex {
 public:
  explicit GrantIndex(const Policy& policy);

  /// The grants that apply to the principal, in file order.
  std::vector<GrantId> applying(const Principal& principal, Instant now) const;

 private:
  struct Key {
    std::string_view group;
    std::string_view org;  ///< empty: for the grants for every org
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  using Idps = std::unordered_set<std::string_view>;

  void collect(const Key& key, Instant now, std::vector<GrantId>& out) const;

  const Policy* policy_;
  std::unordered_map<Key, std::vector<GrantId>, Hash> grants_;
  std::unordered_map<std::string_view, Idps> idps_;  // by org, for those that list their IdPs
};

}  // namespace mcpauth::policy
