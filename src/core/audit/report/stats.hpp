#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/audit/log/line.hpp"
#include "core/audit/report/latencies.hpp"
#include "core/audit/report/tally.hpp"
#include "core/audit/report/timeline.hpp"

namespace mcpauth::audit::report {

/// Who was denied what, and why.
struct Denial {
  std::string org = {};
  std::string sub = {};
  std::string tool = {};
  std::string reason = {};
  std::uint64_t count = 0;
  bool at_least = false;
};

/// An intent whose outcome is in none of the files. Its effect may or may not have happened.
struct Pending {
  std::uint64_t seq = 0;
  std::optional<Instant> at = {};
  std::string event = {};
  std::string org = {};
  std::string sub = {};
  std::string tool = {};
};

/// The figures of a log, gathered in one pass over its records, in bounded memory.
class Stats {
 public:
  static constexpr std::size_t kMostPending = 10'000;

  struct Wanted {
    std::vector<audit::Field> by = {};                ///< the fields whose values are counted
    std::optional<std::chrono::seconds> bucket = {};  ///< of the timeline
  };

  explicit Stats(Wanted wanted);

  /// Adds a record. One that is not `selected` is not counted, but an outcome still settles its
  /// intent. Only outcomes are decisions.
  void add(const audit::LineView& record, bool selected = true);

  std::uint64_t records() const { return records_; }  ///< selected, intents too
  std::uint64_t intents() const { return intents_; }
  const Decisions& decisions() const { return decisions_; }
  std::optional<Instant> first() const { return first_; }  ///< the earliest time of a record
  std::optional<Instant> last() const { return last_; }
  const std::vector<audit::Field>& by() const { return wanted_.by; }
  /// Counts the values of the i-th field of `by`, as they are in JSON: `shown` decodes one.
  const Tally& tally(std::size_t i) const { return tallies_[i]; }
  const Latencies& latencies() const { return latencies_; }
  Timeline& timeline() { return timeline_; }
  const Timeline& timeline() const { return timeline_; }

  std::vector<Denial> top_denials(std::size_t most) const;
  std::size_t distinct_denials() const { return denials_.distinct(); }
  bool denials_are_exact() const { return denials_.is_exact(); }

  /// The intents without an outcome, by `seq`.
  std::vector<Pending> pending() const;
  std::uint64_t pending_count() const { return pending_.size(); }
  /// False if there were ever more than kMostPending at a time. Then there may be more of them.
  bool pending_is_exact() const { return !lost_pending_; }

 private:
  void add_outcome(const audit::LineView& record);
  void add_intent(const audit::LineView& record);

  Wanted wanted_;
  std::uint64_t records_ = 0;
  std::uint64_t intents_ = 0;
  Decisions decisions_;
  std::optional<Instant> first_;
  std::optional<Instant> last_;
  std::vector<Tally> tallies_;
  Tally denials_;
  Latencies latencies_;
  Timeline timeline_;
  std::map<std::string, Pending, std::less<>> pending_;  ///< by `id`, as it is in JSON
  bool lost_pending_ = false;                            ///< whether one did not fit
};

/// A value of a Tally of Stats as text: the decoded string, the digits of a number, empty for null.
std::string shown(std::string_view json_value);

/// A duration with three digits: "812 µs", "1.24 ms", "30.1 s".
std::string duration_text(std::uint64_t micros);
/// With commas between thousands: "1,234,567".
std::string grouped(std::uint64_t number);

}  // namespace mcpauth::audit::report
