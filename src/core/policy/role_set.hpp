#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/policy/inheritance.hpp"

namespace mcpauth::policy {

/// A set of roles, walked in file order.
class RoleSet {
 public:
  RoleSet() = default;
  explicit RoleSet(std::size_t roles) : words_((roles + 63) / 64) {}

  void insert(RoleId id) { words_[id / 64] |= std::uint64_t{1} << (id % 64); }
  bool contains(RoleId id) const { return ((words_[id / 64] >> (id % 64)) & 1U) != 0; }
  void insert_all(const RoleSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i)
      words_[i] |= other.words_[i];
  }

  /// The first role for which `is` holds.
  template <class Predicate>
  std::optional<RoleId> first(Predicate is) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        const auto id =
            static_cast<RoleId>(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
        if (is(id)) return id;
      }
    }
    return std::nullopt;
  }

  template <class Visitor>
  void each(Visitor visit) const {
    (void)first([&](RoleId id) {
      visit(id);
      return false;
    });
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace mcpauth::policy
