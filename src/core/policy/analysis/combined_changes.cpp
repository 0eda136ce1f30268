#include "core/policy/analysis/combined_changes.hpp"

#include <algorithm>
#include <map>

#include "core/policy/analysis/combinations.hpp"

// Who is allowed, as a formula: take one requirement, and let P be the groups of a principal. D is
// the set of groups that deny a needed scope. The clause C of a needed scope is the set of groups
// outside D that allow it. (For a tool that needs no scope, the one clause is every group that
// holds a role.) P is allowed when none of its groups is in D and at least one is in each clause.
//
// There is a P that the new policy allows and the old one does not exactly when the new one allows
// any P at all and
//   - the old one allows nobody: then any P that the new one allows will do;
//   - or P can miss a clause C of the old one: the groups outside D and C still hit every clause of
//     the new one;
//   - or a group that is in the old D but not in the new D can join P.
// Groups are dropped from such a P as long as the rest still gains access. The set that remains is
// minimal: no proper subset of it gains.

namespace mcpauth::policy::analysis {
namespace {

using policy::Standing;
using ClassIds = std::vector<ClassId>;

/// A set of classes, by their position in Finder::classes_.
using Set = std::vector<bool>;

struct Formula {
  bool is_known = false;  ///< false: nobody may
  Set denied;
  std::vector<Set> clauses;
};

bool has_any(const Set& set) {
  return std::ranges::find(set, true) != set.end();
}

class Finder {
 public:
  Finder(const Compared& compared, const ClassIds& classes, RequirementId requirement, Side from,
         Side to)
      : compared_(compared), requirement_(requirement), from_(from), to_(to) {
    for (const ClassId id : classes) {
      if (!gains({id})) classes_.push_back(id);
    }
  }

  /// A smallest set of classes that gain together, without those that gain alone. Empty when there
  /// is none.
  ClassIds find() const {
    const Formula from = formula(from_);
    const Formula to = formula(to_);
    if (!is_satisfiable(to)) return {};
    if (!is_satisfiable(from)) return shrunk(completed({}, to, nullptr));
    for (const auto& clause : from.clauses) {
      if (can_miss(to, clause)) return shrunk(completed({}, to, &clause));
    }
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (from.denied[i] && !to.denied[i]) return shrunk(completed({i}, to, nullptr));
    }
    return {};
  }

 private:
  bool gains(const ClassIds& classes) const {
    return compared_.allows(to_, classes, requirement_) &&
           !compared_.allows(from_, classes, requirement_);
  }

  Formula formula(Side side) const {
    Formula out{.denied = Set(classes_.size()), .clauses = {}};
    const auto& needs = compared_.needs(side, requirement_);
    if (!needs) return out;
    out.is_known = true;
    for (const ScopeId scope : *needs) {
      auto& clause = out.clauses.emplace_back(classes_.size());
      for (std::size_t i = 0; i < classes_.size(); ++i) {
        const auto standing = compared_.standing(side, classes_[i], scope);
        if (standing == Standing::denied) out.denied[i] = true;
        clause[i] = standing == Standing::allowed;
      }
    }
    if (needs->empty()) {
      auto& clause = out.clauses.emplace_back(classes_.size());
      for (std::size_t i = 0; i < classes_.size(); ++i)
        clause[i] = compared_.holds_role(side, classes_[i]);
    }
    for (auto& clause : out.clauses) {
      for (std::size_t i = 0; i < classes_.size(); ++i)
        clause[i] = clause[i] && !out.denied[i];
    }
    return out;
  }

  static bool is_satisfiable(const Formula& formula) {
    return formula.is_known && std::ranges::all_of(formula.clauses, has_any);
  }

  static bool can_miss(const Formula& to, const Set& missed) {
    return std::ranges::all_of(to.clauses, [&](const Set& clause) {
      for (std::size_t i = 0; i < clause.size(); ++i) {
        if (clause[i] && !missed[i]) return true;
      }
      return false;
    });
  }

  /// Adds a class for each clause that `chosen` does not hit yet, none of them in `missed`.
  ClassIds completed(std::vector<std::size_t> chosen, const Formula& to, const Set* missed) const {
    for (const auto& clause : to.clauses) {
      if (std::ranges::any_of(chosen, [&](std::size_t i) { return clause[i]; })) continue;
      for (std::size_t i = 0; i < clause.size(); ++i) {
        if (!clause[i] || (missed != nullptr && (*missed)[i])) continue;
        chosen.push_back(i);
        break;
      }
    }
    ClassIds out;
    for (const auto i : chosen)
      out.push_back(classes_[i]);
    return out;
  }

  ClassIds shrunk(ClassIds classes) const {
    for (std::size_t i = 0; i < classes.size();) {
      auto fewer = classes;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (!fewer.empty() && gains(fewer)) {
        classes = std::move(fewer);
        i = 0;
      } else {
        ++i;
      }
    }
    std::ranges::sort(classes);
    return classes;
  }

  const Compared& compared_;
  RequirementId requirement_;
  Side from_;
  Side to_;
  ClassIds classes_;
};

struct Found {
  bool is_gain;
  RequirementId requirement;
  ClassIds classes;
};

std::vector<RequirementId> candidates_of(const Compared& compared, const ClassIds& classes) {
  std::vector<RequirementId> out;
  for (const ClassId id : classes)
    std::ranges::copy(compared.classes[id].candidates, std::back_inserter(out));
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::size_t cost(const Compared& compared, const ClassIds& classes, RequirementId id) {
  std::size_t needs = 2;
  for (const auto side : {Side::before, Side::after})
    needs += compared.needs(side, id) ? compared.needs(side, id)->size() : 0;
  return needs * needs + needs * classes.size();
}

/// The classes to which a policy gives or denies something that is required. The others are in no
/// formula.
ClassIds concerned(const Compared& compared, const ClassIds& classes, RequirementId requirement) {
  const auto matters = [&](Side side, ClassId id) {
    const auto& needs = compared.needs(side, requirement);
    if (!needs) return false;
    if (needs->empty()) return compared.holds_role(side, id);
    return std::ranges::any_of(*needs, [&](ScopeId scope) {
      return compared.standing(side, id, scope) != Standing::absent;
    });
  };
  ClassIds out;
  std::ranges::copy_if(classes, std::back_inserter(out), [&](ClassId id) {
    return matters(Side::before, id) || matters(Side::after, id);
  });
  return out;
}

std::vector<Found> look_at(const Compared& compared, const ClassIds& classes, Budget& budget) {
  std::vector<Found> out;
  if (classes.size() < 2) return out;
  std::size_t work = 0;
  for (const ClassId id : classes)
    work += compared.classes[id].candidates.size();
  if (!budget.spend(work * 2)) return out;
  for (const RequirementId requirement : candidates_of(compared, classes)) {
    if (!budget.spend(2 * cost(compared, classes, requirement))) return out;
    const auto concern = concerned(compared, classes, requirement);
    if (concern.size() < 2) continue;
    for (const bool is_gain : {true, false}) {
      const auto from = is_gain ? Side::before : Side::after;
      const auto to = is_gain ? Side::after : Side::before;
      auto found = Finder(compared, concern, requirement, from, to).find();
      if (!found.empty()) out.push_back({is_gain, requirement, std::move(found)});
    }
  }
  return out;
}

/// A group for each class, all in the org of the combination: what one holds in any other org, it
/// holds here.
std::vector<OrgGroup> groups_of(const Compared& compared, const CombinableGroups& from,
                                const ClassIds& classes) {
  std::vector<OrgGroup> out;
  for (const ClassId id : classes) {
    const auto found = std::ranges::lower_bound(from.representatives, std::size_t{id}, {},
                                                &Representative::group_class);
    auto& group = out.emplace_back(compared.groups()[found->group]);
    group.org = from.org;
    group.is_any_other_org = from.is_any_other_org;
  }
  return out;
}

ClassIds sorted_classes(CombinableGroups& groups) {
  std::ranges::sort(groups.representatives, {}, &Representative::group_class);
  ClassIds out;
  for (const auto& one : groups.representatives)
    out.push_back(static_cast<ClassId>(one.group_class));
  return out;
}

}  // namespace

std::vector<CombinedChange> find_combined_changes(const Compared& compared, Budget& budget) {
  std::vector<CombinedChange> out;
  auto combinations = combinations_of(compared.groups(), compared.class_of, budget.left());
  if (!combinations.is_complete) budget.spend(budget.left());
  std::map<ClassIds, std::vector<Found>>
      known;  // where the classes are the same, so are the changes
  for (auto& groups : combinations.list) {
    if (!budget.spend(2 * groups.representatives.size())) break;
    auto classes = sorted_classes(groups);
    auto at = known.find(classes);
    if (at == known.end()) {
      auto found = look_at(compared, classes, budget);
      at = known.emplace(std::move(classes), std::move(found)).first;
    }
    for (const auto& found : at->second) {
      if (!budget.spend(found.classes.size())) break;
      out.push_back({.is_gain = found.is_gain,
                     .groups = groups_of(compared, groups, found.classes),
                     .requirement = found.requirement});
    }
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
