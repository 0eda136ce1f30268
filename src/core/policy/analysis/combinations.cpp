#include "core/policy/analysis/combinations.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace mcpauth::policy::analysis {
namespace {

using GroupIds = std::vector<std::size_t>;

/// The groups of one IdP that hold something in every org.
struct Everywhere {
  std::map<std::size_t, GroupIds> by_class;
  std::unordered_map<std::string_view, std::size_t> class_of;  // by name
};

class CombinationBuilder {
 public:
  CombinationBuilder(std::span<const OrgGroup> groups, std::span<const std::size_t> class_of,
                     std::size_t most)
      : groups_(groups), class_of_(class_of), left_(most) {}

  Combinations run() {
    std::map<std::pair<std::string_view, std::string_view>, GroupIds> local;
    for (std::size_t i = 0; i < class_of_.size(); ++i) {
      const auto& group = groups_[i];
      if (!group.is_any_other_org) {
        local[{group.org, group.idp()}].push_back(i);
      } else if (class_of_[i] != Effective::kNothing) {
        add_everywhere(i);
      }
    }
    for (const auto& [idp, everywhere] : everywhere_)
      add(groups_[everywhere.by_class.begin()->second.front()], {}, &everywhere);
    for (const auto& [where, ids] : local) {
      if (std::ranges::all_of(ids, [&](auto id) { return class_of_[id] == Effective::kNothing; }))
        continue;
      const auto everywhere = everywhere_.find(where.second);
      add(groups_[ids.front()], ids,
          everywhere == everywhere_.end() ? nullptr : &everywhere->second);
    }
    return std::move(out_);
  }

 private:
  void add_everywhere(std::size_t id) {
    auto& everywhere = everywhere_[groups_[id].idp()];
    everywhere.by_class[class_of_[id]].push_back(id);
    everywhere.class_of[groups_[id].name] = class_of_[id];
  }

  void add(const OrgGroup& any, const GroupIds& local, const Everywhere* everywhere) {
    CombinableGroups out{
        .org = any.org, .is_any_other_org = any.is_any_other_org, .representatives = {}};
    std::unordered_set<std::size_t> classes;
    for (const auto id : local) {
      const auto group_class = class_of_[id];
      if (group_class != Effective::kNothing && classes.insert(group_class).second)
        out.representatives.push_back({group_class, id});
    }
    if (everywhere != nullptr) add_from(*everywhere, local, classes, out);
    if (out.representatives.size() > left_) {
      out_.is_complete = false;
      return;
    }
    left_ -= out.representatives.size();
    out_.list.push_back(std::move(out));
  }

  /// Adds the groups that hold something in every org. A group with an entry of its own in this org
  /// is left out: what it holds here is in that entry.
  void add_from(const Everywhere& everywhere, const GroupIds& local,
                std::unordered_set<std::size_t>& classes, CombinableGroups& out) {
    std::unordered_set<std::string_view> own;
    std::unordered_map<std::size_t, std::size_t> own_by_class;
    std::size_t own_everywhere = 0;
    for (const auto id : local) {
      const auto& name = groups_[id].name;
      own.insert(name);
      const auto found = everywhere.class_of.find(name);
      if (found == everywhere.class_of.end()) continue;
      ++own_by_class[found->second];
      ++own_everywhere;
    }
    if (own_everywhere == everywhere.class_of.size()) return;
    if (everywhere.by_class.size() > left_) {
      out_.is_complete = false;
      return;
    }
    for (const auto& [group_class, ids] : everywhere.by_class) {
      const auto found = own_by_class.find(group_class);
      if (found != own_by_class.end() && found->second == ids.size()) continue;
      if (!classes.insert(group_class).second) continue;
      const auto first = std::ranges::find_if(
          ids, [&](std::size_t id) { return !own.contains(groups_[id].name); });
      out.representatives.push_back({group_class, *first});
    }
  }

  std::span<const OrgGroup> groups_;
  std::span<const std::size_t> class_of_;
  std::size_t left_;
  std::map<std::string_view, Everywhere> everywhere_;  // by IdP
  Combinations out_;
};

}  // namespace

Combinations combinations_of(std::span<const OrgGroup> groups,
                             std::span<const std::size_t> class_of, std::size_t most) {
  return CombinationBuilder(groups, class_of, most).run();
}

Combinations combinations_of(const Effective& effective, std::size_t most) {
  return combinations_of(effective.groups, effective.class_of, most);
}

}  // namespace mcpauth::policy::analysis
