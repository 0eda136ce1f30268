#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/audit/report/latencies.hpp"
#include "core/audit/report/timeline.hpp"

namespace mcpauth::audit::report {

/// The name and description of a drawing, for screen readers.
struct Caption {
  std::string_view id;  ///< unique in the page; not from outside
  std::string_view title;
  std::string description;
};

/// One bar of a ranking.
struct RankedBar {
  std::string label;  ///< from outside
  std::uint64_t count = 0;
  std::uint64_t denied = 0;
  bool at_least = false;
};

/// The fill patterns of all drawings, to be put on a page once. They show denials and errors by
/// hatching as well as by colour.
std::string_view plot_patterns();
/// The CSS rules of the drawings. The page must define --ink --line --soft --paper --allow --deny
/// --error --other.
std::string_view plot_style();

/// Drawings as inline SVG elements. They refer to nothing outside the page.
std::string plot_timeline(const Timeline& timeline, const Caption& caption);
std::string plot_latencies(const Latencies& latencies, const Caption& caption);
std::string plot_ranking(std::span<const RankedBar> bars, const Caption& caption);

/// The range of latencies of one bar.
struct LatencyBin {
  std::uint64_t from = 0;
  std::uint64_t to = 0;  ///< exclusive
  std::uint64_t count = 0;
};
/// The bars of plot_latencies, from the first to the last that is not empty.
std::vector<LatencyBin> latency_bins(const Latencies& latencies);

/// The start of a bucket: a date, and the time if buckets are shorter than a day.
std::string bucket_label(Instant start, std::chrono::seconds width);

/// The text with invisible characters escaped, cut to `most` code points with "…" at the end. Not
/// escaped for HTML.
std::string cut_to(std::string_view from_outside, std::size_t most);

}  // namespace mcpauth::audit::report
