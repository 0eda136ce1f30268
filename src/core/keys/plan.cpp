#include "core/keys/plan.hpp"

#include <algorithm>

#include "core/base/ttl.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::keys {
namespace {

constexpr std::chrono::minutes kClocksDiffer{1};

}  // namespace

std::vector<Due> upcoming(std::span<const Entry> entries, const Rotation& rotation) {
  std::vector<Due> dues;
  bool has_next = false;
  const Entry* active = nullptr;
  for (const Entry& entry : entries) {
    if (entry.state == State::active) active = &entry;
    if (entry.state == State::next) {
      has_next = true;
      dues.push_back({Step::activate, entry.kid, entry.created + rotation.publish});
    }
    if (entry.state == State::retired) {
      const Instant since = entry.retired.value_or(entry.created);
      dues.push_back({Step::remove, entry.kid, since + rotation.drain});
    }
  }
  if (active != nullptr && !has_next) {
    const Instant signs_until = active->activated.value_or(active->created) + rotation.period;
    dues.push_back({Step::make_next, {}, signs_until - rotation.publish});
  }
  std::ranges::stable_sort(dues, [](const Due& a, const Due& b) {
    return a.at != b.at ? a.at < b.at : a.step < b.step;
  });
  return dues;
}

std::string describe(const Due& due) {
  switch (due.step) {
    case Step::remove:
      return text::format("`{}` is removed", due.kid);
    case Step::activate:
      return text::format("`{}` signs", due.kid);
    case Step::make_next:
      return "a next key is made";
  }
  return "";
}

Result<void> check(const Rotation& rotation) {
  using time::format_duration;
  if (rotation.publish < std::chrono::seconds(1)) {
    return Error{.code = Errc::usage,
                 .message = "a key must be published for a while before it signs",
                 .hint = "wait twice the max-age of the key set; 10m by default"};
  }
  if (rotation.period <= rotation.publish) {
    return Error{
        .code = Errc::usage,
        .message = text::format("a key must sign for longer than the next one is published "
                                "before it signs ({})",
                                format_duration(rotation.publish))};
  }
  if (rotation.drain < kMaxTtl) {
    return Error{.code = Errc::usage,
                 .message = text::format("a retired key must stay published for at least {}, the "
                                         "life of a token",
                                         format_duration(kMaxTtl))};
  }
  return {};
}

Instant last_change(std::span<const Entry> entries) {
  Instant last{};
  for (const Entry& entry : entries) {
    last = std::max({last, entry.created, entry.activated.value_or(entry.created),
                     entry.retired.value_or(entry.created)});
  }
  return last;
}

std::vector<const Entry*> ahead_of_clock(std::span<const Entry> entries, Instant now) {
  std::vector<const Entry*> ahead;
  for (const Entry& entry : entries) {
    if (last_change({&entry, 1}) > now + kClocksDiffer) ahead.push_back(&entry);
  }
  return ahead;
}

}  // namespace mcpauth::keys
