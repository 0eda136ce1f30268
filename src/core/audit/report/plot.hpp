#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/audit/report/latencies.hpp"
#include "core/audit/report/timeline.hpp"

namespace mcpauth::audit::report {

/// What a drawing is called and what it says, for those who do not see it.
struct Caption {
  std::string_view id;  ///< within the page, of our own making
  std::string_view title;
  std::string description;
};

/// A bar of a ranking: how often, and how much of it was denied.
struct RankedBar {
  std::string label;  ///< from outside
  std::uint64_t count = 0;
  std::uint64_t denied = 0;
  bool at_least = false;
};

/// The patterns that all drawings of a page fill with, once on it: denials and errors are told by
/// their hatching too, not by their colour alone.
std::string_view plot_patterns();
/// The rules for the style sheet of a page; it defines --ink --line --soft --allow --deny --error
/// --other.
std::string_view plot_style();

/// Drawings as inline SVG elements; nothing in them leads out of the page.
std::string plot_timeline(const Timeline& timeline, const Caption& caption);
std::string plot_latencies(const Latencies& latencies, const Caption& caption);
std::string plot_ranking(std::span<const RankedBar> bars, const Caption& caption);

/// A range of latencies that is one bar.
struct LatencyBin {
  std::uint64_t from = 0;
  std::uint64_t to = 0;  ///< not itself in it
  std::uint64_t count = 0;
};
/// The bars of plot_latencies, from the first that is not empty to the last.
std::vector<LatencyBin> latency_bins(const Latencies& latencies);

/// The start of a bucket for people: a date, with the time where buckets are shorter than a day.
std::string bucket_label(Instant start, std::chrono::seconds width);

/// Cut to this many code points, made visible, with "…" where something is missing. Not escaped.
std::string cut_to(std::string_view from_outside, std::size_t most);

}  // namespace mcpauth::audit::report
