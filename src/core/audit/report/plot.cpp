#include "core/audit/report/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/audit/report/stats.hpp"
#include "core/codec/format.hpp"
#include "core/codec/html.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::audit::report {
namespace {

constexpr double kWidth = 880;
constexpr double kHeight = 270;
constexpr double kLeft = 64;  // the axis of counts
constexpr double kRight = 868;
constexpr double kTop = 14;
constexpr double kTopBelowNames = 44;  // leaves room for names of percentiles above the bars
constexpr double kBottom = 224;        // the axis of time

/// In pixels, with at most one decimal.
std::string px(double value) {
  std::string text = text::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string open_svg(const Caption& caption, double height) {
  return text::format(
      R"(<svg viewBox="0 0 {1} {2}" role="img" aria-labelledby="{0}-t {0}-d">
<title id="{0}-t">{3}</title>
<desc id="{0}-d">{4}</desc>
)",
      caption.id, px(kWidth), px(height), html::escaped(caption.title),
      html::escaped(caption.description));
}

std::string rect(std::string_view kind, double x, double y, double width, double height) {
  const std::string place =
      text::format(R"(x="{}" y="{}" width="{}" height="{}")", px(x), px(y), px(width), px(height));
  std::string out = text::format("<rect class=\"{}\" {}/>\n", kind, place);
  if (kind == "deny" || kind == "error" || kind == "other") {
    out += text::format("<rect fill=\"url(#on-{})\" {}/>\n", kind, place);
  }
  return out;
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text,
                    std::string_view kind = "") {
  std::string out = text::format(R"(<text x="{}" y="{}")", px(x), px(y));
  if (anchor != "start") out += text::format(R"( text-anchor="{}")", anchor);
  if (!kind.empty()) out += text::format(R"( class="{}")", kind);
  return out + text::format(">{}</text>\n", html::escaped(text));
}

std::string line(double x1, double y1, double x2, double y2, std::string_view kind) {
  return text::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", kind,
                      px(x1), px(y1), px(x2), px(y2));
}

/// 1, 2 or 5 times a power of ten, so that four steps reach the greatest count.
std::uint64_t step_for(std::uint64_t greatest) {
  std::uint64_t power = 1;
  for (;; power *= 10) {
    for (const std::uint64_t times : {1U, 2U, 5U}) {
      if (power * times * 4 >= greatest) return power * times;
    }
  }
}

/// The axis of counts.
class Counts {
 public:
  explicit Counts(std::uint64_t greatest, double top = kTop)
      : top_(top),
        step_(step_for(std::max<std::uint64_t>(greatest, 1))),
        end_((std::max<std::uint64_t>(greatest, 1) + step_ - 1) / step_ * step_) {}

  double length(std::uint64_t count) const {
    return static_cast<double>(count) / static_cast<double>(end_) * (kBottom - top_);
  }
  std::string drawn() const {
    std::string out;
    for (std::uint64_t at = 0; at <= end_; at += step_) {
      const double y = kBottom - length(at);
      out += line(kLeft, y, kRight, y, at == 0 ? "axis" : "grid");
      out += text_at(kLeft - 8, y + 4, "end", grouped(at));
    }
    return out;
  }

 private:
  double top_;
  std::uint64_t step_;
  std::uint64_t end_;
};

std::string stack(double x, double width, const Decisions& decisions, const Counts& counts) {
  std::string out;
  double y = kBottom;
  const auto part = [&](std::string_view kind, std::uint64_t count) {
    if (count == 0) return;
    const double height =
        std::max(counts.length(count), 1.0);  // so that one denial among thousands is visible
    y -= height;
    out += rect(kind, x, y, width, height);
  };
  part("allow", decisions.allow);
  part("deny", decisions.deny);
  part("error", decisions.error);
  part("other", decisions.other);
  return out;
}

std::string description_of(const Decisions& decisions) {
  std::string text = text::format("{} allowed, {} denied, {} failed", grouped(decisions.allow),
                                  grouped(decisions.deny), grouped(decisions.error));
  if (decisions.other > 0) text += text::format(", {} other", grouped(decisions.other));
  return text;
}

/// The distance of marks on the axis of time: a round one, with only a few marks on the axis.
std::chrono::seconds mark_step(const Timeline& timeline) {
  constexpr std::int64_t kMostMarks = 6;
  const auto whole = timeline.width() * static_cast<std::int64_t>(timeline.span());
  for (const std::int64_t step : {1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200,
                                  86400, 172800, 604800, 1209600, 2419200, 9676800}) {
    const std::chrono::seconds distance(step);
    if (distance % timeline.width() == std::chrono::seconds(0) && whole <= distance * kMostMarks)
      return distance;
  }
  return timeline.width() * (static_cast<std::int64_t>(timeline.span()) / kMostMarks + 1);
}

std::string time_marks(const Timeline& timeline) {
  constexpr double kHalf = 56;  // of the longest label
  const auto first = timeline.buckets().begin()->first;
  const double slot = (kRight - kLeft) / static_cast<double>(timeline.span());
  const auto step = mark_step(timeline);
  std::string out;
  double free_from = 0;
  const auto mark = [&](Instant at) {
    const double x = kLeft + slot * static_cast<double>((at - first) / timeline.width());
    const double middle = std::clamp(x, kLeft + kHalf - 20, kRight - kHalf);
    if (middle - kHalf < free_from) return;
    free_from = middle + kHalf + 8;
    out += line(x, kBottom, x, kBottom + 6, "axis");
    out += text_at(middle, kBottom + 21, "middle", bucket_label(at, step));
  };
  for (std::uint64_t i = 0; i < timeline.span(); ++i) {
    const auto at = first + timeline.width() * static_cast<std::int64_t>(i);
    if (at.time_since_epoch() % step == std::chrono::seconds(0)) mark(at);
  }
  if (out.empty()) mark(first);
  return out;
}

/// The limits of the bars of latencies: round numbers, six per power of ten.
std::vector<std::uint64_t> bin_edges(std::uint64_t greatest) {
  std::vector<std::uint64_t> edges = {0, 1};
  for (std::uint64_t power = 1; edges.back() <= greatest && power < 10'000'000'000'000'000U;
       power *= 10) {
    for (const std::uint64_t tenths : {15U, 20U, 30U, 50U, 70U, 100U}) {
      const std::uint64_t edge = power * tenths / 10;
      if (edge > edges.back()) edges.push_back(edge);
    }
  }
  return edges;
}

/// Latencies on a logarithmic axis.
class LogAxis {
 public:
  LogAxis(std::uint64_t from, std::uint64_t to) : from_(log_of(from)), to_(log_of(to)) {}
  double x(std::uint64_t micros) const {
    const double part = to_ > from_ ? (log_of(micros) - from_) / (to_ - from_) : 0;
    return kLeft + std::clamp(part, 0.0, 1.0) * (kRight - kLeft);
  }

 private:
  static double log_of(std::uint64_t micros) {
    return std::log10(static_cast<double>(micros) + 0.5);  // so that 0 is on the axis
  }
  double from_;
  double to_;
};

std::string quantile_marks(const Latencies& latencies, const LogAxis& axis) {
  struct Mark {
    double part;
    std::string_view name;
  };
  constexpr std::array kMarks = {Mark{0.5, "p50"}, Mark{0.9, "p90"}, Mark{0.99, "p99"}};
  std::string out;
  double taken = -1000;  // the end of the last name, so that names do not overlap
  double y = kTop - 2;
  for (const Mark& mark : kMarks) {
    const double x = axis.x(latencies.quantile(mark.part).value_or(0));
    y = x < taken ? y + 14 : kTop - 2;
    out += line(x, y - 9, x, kBottom, "mark");
    const bool is_left = x > kRight - 40;
    out += text_at(is_left ? x - 4 : x + 4, y, is_left ? "end" : "start", mark.name, "name");
    taken = x + 36;
  }
  return out;
}

}  // namespace

std::string_view plot_patterns() {
  return R"svg(<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="on-deny" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="2" height="6"/></pattern>
<pattern id="on-error" width="6" height="6" patternUnits="userSpaceOnUse"><circle class="hatch" cx="3" cy="3" r="1.4"/></pattern>
<pattern id="on-other" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="hatch" width="6" height="1.5"/></pattern>
</defs></svg>
)svg";
}

std::string_view plot_style() {
  return R"(svg{display:block;width:100%;height:auto}svg.patterns{position:absolute;width:0;height:0}
svg text{font:13px system-ui,sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}svg text.name{font-weight:600}
.axis{stroke:var(--line);stroke-width:1.2}.grid{stroke:var(--soft);stroke-width:1}
.mark{stroke:var(--ink);stroke-width:1.4;stroke-dasharray:4 3}
rect.allow{fill:var(--allow)}rect.deny{fill:var(--deny)}rect.error{fill:var(--error)}rect.other{fill:var(--other)}
.hatch{fill:var(--paper);opacity:.55}
)";
}

std::string bucket_label(Instant start, std::chrono::seconds width) {
  const std::string whole = time::format_instant(start);  // 2027-01-15T08:00:00Z
  if (whole.size() < 20 || width >= std::chrono::hours(24)) return whole.substr(0, 10);
  return whole.substr(0, 10) + " " + whole.substr(11, width >= std::chrono::minutes(1) ? 5 : 8);
}

std::string cut_to(std::string_view from_outside, std::size_t most) {
  std::string whole = text::printable(from_outside);
  std::size_t end = 0;
  std::size_t before_last = 0;
  for (std::size_t count = 0; end < whole.size(); ++count) {
    if (count == most) return whole.substr(0, before_last) + "…";
    before_last = end;
    end += std::max<std::size_t>(text::decode(std::string_view(whole).substr(end)).length, 1);
  }
  return whole;
}

std::string plot_timeline(const Timeline& timeline, const Caption& caption) {
  const auto& buckets = timeline.buckets();
  std::string out = open_svg(caption, kHeight);
  std::uint64_t greatest = 0;
  for (const auto& [start, decisions] : buckets)
    greatest = std::max(greatest, decisions.total());
  const Counts counts(greatest);
  out += counts.drawn();
  const auto span = timeline.span();
  const double slot = (kRight - kLeft) / static_cast<double>(std::max<std::uint64_t>(span, 1));
  const double slim = std::min(slot, 90.0);  // a single bucket does not fill the drawing
  const auto x_of = [&](std::uint64_t i) { return kLeft + slot * static_cast<double>(i); };
  for (const auto& [start, decisions] : buckets) {
    const auto i = static_cast<std::uint64_t>((start - buckets.begin()->first) / timeline.width());
    out += text::format(
        "<g><title>{}: {}</title>\n{}</g>\n", bucket_label(start, timeline.width()),
        description_of(decisions),
        stack(x_of(i) + (slot - slim) / 2 + slim * 0.08, slim * 0.84, decisions, counts));
  }
  return out + time_marks(timeline) + "</svg>\n";
}

std::vector<LatencyBin> latency_bins(const Latencies& latencies) {
  std::vector<LatencyBin> bins;
  if (latencies.count() == 0) return bins;
  const auto edges = bin_edges(latencies.greatest());
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    bins.push_back({edges[i], edges[i + 1], latencies.between(edges[i], edges[i + 1])});
  const auto is_empty = [](const LatencyBin& bin) { return bin.count == 0; };
  while (!bins.empty() && is_empty(bins.back()))
    bins.pop_back();
  bins.erase(bins.begin(), std::ranges::find_if_not(bins, is_empty));
  return bins;
}

std::string plot_latencies(const Latencies& latencies, const Caption& caption) {
  std::string out = open_svg(caption, kHeight);
  const auto bins = latency_bins(latencies);
  std::uint64_t greatest = 0;
  for (const auto& bin : bins)
    greatest = std::max(greatest, bin.count);
  const Counts counts(greatest, kTopBelowNames);
  out += counts.drawn();
  if (bins.empty()) return out + "</svg>\n";
  const LogAxis axis(bins.front().from, bins.back().to);
  for (const auto& bin : bins) {
    const double x = axis.x(bin.from);
    const double width = std::max(axis.x(bin.to) - x - 2, 1.0);
    const double height = bin.count == 0 ? 0 : std::max(counts.length(bin.count), 1.0);
    out += text::format("<g><title>{} to {}: {}</title>\n{}</g>\n", duration_text(bin.from),
                        duration_text(bin.to), grouped(bin.count),
                        rect("allow", x + 1, kBottom - height, width, height));
  }
  double free_from = 0;
  for (const auto& bin : bins) {
    const double x = axis.x(bin.from);
    out += line(x, kBottom, x, kBottom + 5, "axis");
    if (x < free_from) continue;
    out += text_at(x, kBottom + 21, x < kLeft + 30 ? "start" : "middle", duration_text(bin.from));
    free_from = x + 76;
  }
  return out + quantile_marks(latencies, axis) + "</svg>\n";
}

std::string plot_ranking(std::span<const RankedBar> bars, const Caption& caption) {
  constexpr double kRow = 42;
  constexpr std::size_t kLongest = 90;
  std::uint64_t greatest = 1;
  for (const auto& bar : bars)
    greatest = std::max(greatest, bar.count);
  std::string out = open_svg(caption, kRow * static_cast<double>(bars.size()) + 6);
  double y = 0;
  for (const auto& bar : bars) {
    const auto length = [&](std::uint64_t count) {
      return count == 0
                 ? 0
                 : std::max(static_cast<double>(count) / static_cast<double>(greatest) * 876, 1.0);
    };
    const std::string label = bar.label.empty() ? "(none)" : cut_to(bar.label, kLongest);
    std::string count = (bar.at_least ? "at least " : "") + grouped(bar.count);
    const auto denied = std::min(bar.denied, bar.count);
    if (denied > 0 && denied < bar.count) count += text::format(", {} denied", grouped(denied));
    out += text_at(2, y + 16, "start", label, "name");
    out += text_at(kWidth - 2, y + 16, "end", count);
    const double allowed = length(bar.count - denied);
    out += rect("allow", 2, y + 22, allowed, 14);
    if (denied > 0) out += rect("deny", 2 + allowed, y + 22, length(denied), 14);
    y += kRow;
  }
  return out + "</svg>\n";
}

}  // namespace mcpauth::audit::report
