#include "core/policy/analysis/combinations.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace mcpauth::policy::analysis {
namespace {

using MemberIds = std::vector<std::size_t>;

/// The groups of one IdP that hold something in every org, by kind.
struct Base {
  std::map<std::size_t, MemberIds> by_kind;
  std::unordered_map<std::string_view, std::size_t> kind_of;  // by group
};

class Builder {
 public:
  Builder(const Effective& effective, const policy::Policy& policy, std::size_t most)
      : effective_(effective), left_(most) {
    for (const auto& org : policy.orgs) {
      if (org.idps) restricted_.insert(org.name.value);
    }
  }

  Rooms run() {
    std::map<std::pair<std::string_view, std::string_view>, MemberIds> own;
    for (std::size_t i = 0; i < effective_.members.size(); ++i) {
      if (effective_.kind_of[i] == Effective::kNothing) continue;
      const auto& member = effective_.members[i];
      if (member.is_any_other_org) {
        add_to_base(i);
      } else {
        own[{member.org, member.idp()}].push_back(i);
      }
    }
    for (const auto& [idp, base] : bases_)
      add_room(effective_.members[base.by_kind.begin()->second.front()], {}, &base);
    for (const auto& [where, members] : own) {
      const auto base = bases_.find(where.second);
      const bool alone = restricted_.contains(where.first) || base == bases_.end();
      add_room(effective_.members[members.front()], members, alone ? nullptr : &base->second);
    }
    return std::move(rooms_);
  }

 private:
  void add_to_base(std::size_t member) {
    auto& base = bases_[effective_.members[member].idp()];
    const auto kind = effective_.kind_of[member];
    base.by_kind[kind].push_back(member);
    base.kind_of[effective_.members[member].group] = kind;
  }

  void add_room(const Member& any, const MemberIds& own, const Base* base) {
    Room room{.org = any.org, .is_any_other_org = any.is_any_other_org, .seats = {}};
    std::unordered_set<std::size_t> kinds;
    for (const auto member : own) {
      const auto kind = effective_.kind_of[member];
      if (kinds.insert(kind).second) room.seats.push_back({kind, member});
    }
    if (base != nullptr) add_base(room, own, *base, kinds);
    if (room.seats.size() > left_) {
      rooms_.is_complete = false;
      return;
    }
    left_ -= room.seats.size();
    rooms_.list.push_back(std::move(room));
  }

  /// A group that is granted something in this org holds that beside what it holds everywhere, so
  /// its self in any other org is not here.
  void add_base(Room& room, const MemberIds& own, const Base& base,
                std::unordered_set<std::size_t>& kinds) {
    if (base.by_kind.size() > left_) {
      rooms_.is_complete = false;
      return;
    }
    std::unordered_set<std::string_view> here;
    std::unordered_map<std::size_t, std::size_t> gone;
    for (const auto member : own) {
      const auto& group = effective_.members[member].group;
      here.insert(group);
      if (const auto found = base.kind_of.find(group); found != base.kind_of.end())
        ++gone[found->second];
    }
    for (const auto& [kind, members] : base.by_kind) {
      const auto away = gone.find(kind);
      if (away != gone.end() && away->second == members.size()) continue;
      if (!kinds.insert(kind).second) continue;
      const auto first = std::ranges::find_if(members, [&](std::size_t member) {
        return !here.contains(effective_.members[member].group);
      });
      room.seats.push_back({kind, *first});
    }
  }

  const Effective& effective_;
  std::size_t left_;
  std::unordered_set<std::string_view> restricted_;
  std::map<std::string_view, Base> bases_;  // by IdP
  Rooms rooms_;
};

}  // namespace

Rooms rooms_of(const Effective& effective, const policy::Policy& policy, std::size_t most) {
  return Builder(effective, policy, most).run();
}

}  // namespace mcpauth::policy::analysis
