#pragma once

#include <cstddef>
#include <vector>

#include "core/policy/analysis/org_groups.hpp"

namespace mcpauth::policy::analysis {

/// Groups of one kind in a room, and one of them.
struct Seat {
  std::size_t kind = 0;    ///< in Effective::kinds
  std::size_t member = 0;  ///< in Effective::members
};

/// Groups of one IdP in one org: somebody may be in any of them at once, and in no others.
struct Room {
  std::string org;
  bool is_any_other_org = false;
  std::vector<Seat> seats;  ///< each kind once
};

struct Rooms {
  std::vector<Room> list;
  bool is_complete = true;  ///< false: there were more seats than `most`, and the list is cut short
};

/// The rooms of the members of one policy. Groups that hold nothing are in none.
Rooms rooms_of(const Effective& effective, const policy::Policy& policy,
               std::size_t most = 5'000'000);

}  // namespace mcpauth::policy::analysis
