#pragma once

#include <array>
#include <optional>
#include <span>

#include "core/policy/analysis/diff.hpp"

// What `diff` works with; for its own files only.

namespace mcpauth::policy::analysis {

enum class Side : std::uint8_t { before, after };

using ScopeId = std::uint32_t;  ///< position in Compared::scopes
using KindId = std::uint32_t;   ///< position in Compared::kinds
using AskId = std::uint32_t;    ///< position in Compared::asks

/// Groups that both policies treat alike.
struct JointKind {
  std::array<std::size_t, 2> kind = {};  ///< in each side's Effective, or kNothing
  std::vector<std::size_t> members = {};
  std::vector<AskId> candidates = {};  ///< what may be different for it; ascending
};

/// Items that need the same scopes in each policy. Nothing: the tool is unknown there.
struct Ask {
  std::array<std::optional<std::vector<ScopeId>>, 2> needs = {};
  std::vector<std::size_t> items = {};  ///< positions in Compared::items
};

/// Some work that may be done. What is beyond it is left out.
class Budget {
 public:
  explicit Budget(std::size_t steps) : left_(steps) {}
  /// False, from then on, once more was asked for than there is.
  bool spend(std::size_t steps) {
    left_ = steps > left_ || is_spent_ ? 0 : left_ - steps;
    is_spent_ = is_spent_ || left_ == 0;
    return !is_spent_;
  }
  bool is_spent() const { return is_spent_; }

 private:
  std::size_t left_;
  bool is_spent_ = false;
};

/// Two policies side by side.
struct Compared {
  std::vector<std::string> scopes = {};
  std::vector<Item> items = {};
  std::vector<Ask> asks = {};
  std::array<Effective, 2> effective = {};
  std::vector<JointKind> kinds = {};
  std::vector<KindId> kind_of = {};  ///< by member

  const std::vector<Member>& members() const { return effective[0].members; }
  policy::Standing standing(Side side, KindId kind, ScopeId scope) const {
    const auto& all = effective[static_cast<std::size_t>(side)];
    const auto id = kinds[kind].kind[static_cast<std::size_t>(side)];
    return id == Effective::kNothing ? policy::Standing::absent : all.kinds[id].standing[scope];
  }
  std::span<const policy::HeldRole> roles(Side side, KindId kind) const {
    const auto& all = effective[static_cast<std::size_t>(side)];
    const auto id = kinds[kind].kind[static_cast<std::size_t>(side)];
    return id == Effective::kNothing ? std::span<const policy::HeldRole>() : all.kinds[id].roles;
  }
  bool holds_role(Side side, KindId kind) const {
    return kinds[kind].kind[static_cast<std::size_t>(side)] != Effective::kNothing;
  }
  const std::optional<std::vector<ScopeId>>& needs(Side side, AskId ask) const {
    return asks[ask].needs[static_cast<std::size_t>(side)];
  }
  /// Whether somebody in groups of just these kinds may.
  bool allows(Side side, std::span<const KindId> groups, AskId ask) const;
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

/// A change of several kinds together, in one or more rooms.
struct Together {
  bool is_gain = false;
  std::vector<Member> members = {};
  AskId ask = 0;
};

/// Looks in every org and IdP for differences that only several groups together have. Leaves out
/// what the budget does not reach.
std::vector<Together> find_together(const Compared& compared, Budget& budget);

}  // namespace mcpauth::policy::analysis
