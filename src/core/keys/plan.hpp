#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/keys/entry.hpp"

namespace mcpauth::keys {

enum class Step { remove, activate, make_next };

/// A step that will be due: for which key (none for make_next), and when.
struct Due {
  Step step;
  std::string kid;
  Instant at;
};

/// All steps that follow from the ring as it is, the soonest first. Never empty for a ring with an
/// active key. A next key signs once it has been published for `publish`; a next key is made
/// `publish` before the active one's period ends; a retired key is removed after `drain`.
std::vector<Due> upcoming(std::span<const Entry> entries, const Rotation& rotation);

/// "KID signs", "a next key is made", "KID is removed".
std::string describe(const Due& due);

/// Refuses waiting times that would break the promise: no publishing time, a period that is not
/// longer than it, or a drain shorter than a token's life. Errc::usage.
Result<void> check(const Rotation& rotation);

/// The latest time in the ring. A clock before that time is wrong, and no waiting time may start by
/// it.
Instant last_change(std::span<const Entry> entries);

/// The entries with a time more than a minute ahead of the clock. The clock is wrong, or was when
/// the entry was written.
std::vector<const Entry*> ahead_of_clock(std::span<const Entry> entries, Instant now);

}  // namespace mcpauth::keys
