#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/policy/engine/inheritance.hpp"

namespace mcpauth::policy {

/// A set of roles, visited in file order. A second level of bits marks the words that are not
/// empty, so a small set of many roles is fast to visit.
class RoleSet {
 public:
  RoleSet() = default;
  explicit RoleSet(std::size_t roles)
      : words_(blocks(roles) + blocks(blocks(roles))), used_(blocks(roles)) {}

  void insert(RoleId id) { add(id / 64, std::uint64_t{1} << (id % 64)); }
  bool contains(RoleId id) const { return ((words_[id / 64] >> (id % 64)) & 1U) != 0; }
  void insert_all(const RoleSet& other) {
    other.each_word([&](std::size_t word) {
      add(word, other.words_[word]);
      return false;
    });
  }

  /// The first role for which `is` holds.
  template <class Predicate>
  std::optional<RoleId> first(Predicate is) const {
    std::optional<RoleId> found;
    each_word([&](std::size_t word) {
      for (std::uint64_t bits = words_[word]; bits != 0 && !found; bits &= bits - 1) {
        const auto id = id_of(word, bits);
        if (is(id)) found = id;
      }
      return found.has_value();
    });
    return found;
  }

  template <class Visitor>
  void each(Visitor visit) const {
    (void)first([&](RoleId id) {
      visit(id);
      return false;
    });
  }

 private:
  static std::size_t blocks(std::size_t bits) { return (bits + 63) / 64; }
  static RoleId id_of(std::size_t word, std::uint64_t bits) {
    return static_cast<RoleId>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
  }

  void add(std::size_t word, std::uint64_t bits) {
    words_[word] |= bits;
    words_[used_ + word / 64] |= std::uint64_t{1} << (word % 64);
  }

  /// Calls `stop` with each word that is not empty, until it returns true.
  template <class Stop>
  void each_word(Stop stop) const {
    for (std::size_t i = used_; i < words_.size(); ++i) {
      for (std::uint64_t bits = words_[i]; bits != 0; bits &= bits - 1) {
        if (stop(id_of(i - used_, bits))) return;
      }
    }
  }

  std::vector<std::uint64_t> words_;  // the roles, then which of these words are not empty
  std::size_t used_ = 0;              // where the marks start
};

}  // namespace mcpauth::policy
