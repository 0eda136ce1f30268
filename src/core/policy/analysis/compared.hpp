#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/policy/analysis/diff.hpp"
#include "core/policy/analysis/effective.hpp"

// What `diff` works with; for the files of the comparison only.

namespace mcpauth::policy::analysis {

enum class Side : std::uint8_t { before, after };

using ScopeId = std::uint32_t;        ///< position in Compared::scopes
using ClassId = std::uint32_t;        ///< position in Compared::classes
using RequirementId = std::uint32_t;  ///< position in Compared::requirements

/// An equivalence class of both policies: groups that each of them treats alike.
struct JointClass {
  std::array<std::size_t, 2> by_side = {};  ///< its class in each Effective, or kNothing
  std::vector<std::size_t> groups = {};
  std::vector<RequirementId> candidates = {};  ///< where its answer may differ; ascending
};

/// An equivalence class of items: in each policy, they need the same scopes.
struct Requirement {
  std::array<std::optional<std::vector<ScopeId>>, 2> needs = {};  ///< nothing: an unknown tool
  std::vector<std::size_t> items = {};                            ///< positions in Compared::items
};

/// A bound on the work. What is beyond it is left out of the answer.
class Budget {
 public:
  explicit Budget(std::size_t steps) : left_(steps) {}
  /// False, from then on, once more was asked for than there is.
  bool spend(std::size_t steps) {
    left_ = steps > left_ || is_spent_ ? 0 : left_ - steps;
    is_spent_ = is_spent_ || left_ == 0;
    return !is_spent_;
  }
  std::size_t left() const { return left_; }
  bool is_spent() const { return is_spent_; }

 private:
  std::size_t left_;
  bool is_spent_ = false;
};

/// Two policies side by side.
struct Compared {
  std::vector<std::string> scopes = {};
  std::vector<Item> items = {};
  std::vector<Requirement> requirements = {};
  std::array<Effective, 2> effective = {};  ///< of the same groups
  std::vector<JointClass> classes = {};
  std::vector<std::size_t> class_of = {};  ///< by group: a ClassId

  const std::vector<OrgGroup>& groups() const { return effective[0].groups; }
  bool holds_role(Side side, ClassId id) const { return of(side, id) != nullptr; }
  std::span<const policy::HeldRole> roles(Side side, ClassId id) const {
    const auto* found = of(side, id);
    return found == nullptr ? std::span<const policy::HeldRole>() : found->roles;
  }
  policy::Standing standing(Side side, ClassId id, ScopeId scope) const {
    const auto* found = of(side, id);
    return found == nullptr ? policy::Standing::absent : found->standing[scope];
  }
  const std::optional<std::vector<ScopeId>>& needs(Side side, RequirementId id) const {
    return requirements[id].needs[static_cast<std::size_t>(side)];
  }
  /// Whether somebody in one group of each of these classes, and in no other, may.
  bool allows(Side side, std::span<const ClassId> of, RequirementId id) const;

 private:
  /// Null: the groups hold no role in this policy.
  const GroupClass* of(Side side, ClassId id) const {
    const auto at = static_cast<std::size_t>(side);
    const auto found = classes[id].by_side[at];
    return found == Effective::kNothing ? nullptr : &effective[at].classes[found];
  }
};

Verdict verdict_of(bool has_gain, bool has_loss, bool is_exact);

using Engines = std::array<const policy::Engine*, 2>;

struct Prepared {
  Compared compared;
  std::vector<std::string> unsure;  ///< as in Difference
  bool is_compared = false;         ///< false: too large, and nothing was put side by side
};

/// Puts two policies side by side; `only` is the one thing to compare, null: everything.
Prepared prepare(const Engines& engines, Instant now, const DiffLimits& limits, const Item* only,
                 const Skip& skip, Budget& budget);

}  // namespace mcpauth::policy::analysis
