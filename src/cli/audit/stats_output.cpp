#include "cli/audit/stats_output.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "cli/frame/output.hpp"
#include "core/audit/report/plot.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

using audit::report::Counted;
using audit::report::Decisions;
using audit::report::grouped;

constexpr std::size_t kBar = 32;          // columns
constexpr std::size_t kLongestName = 44;  // columns; leaves room for number and bar in 100
constexpr std::size_t kBarsOfItsOwn = 24;
constexpr std::uint64_t kMostEmptyRows = 500;

constexpr std::array<std::pair<std::string_view, double>, 4> kQuantiles = {
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

std::string_view name_of(audit::Field field) {
  return audit::kFieldNames[static_cast<std::size_t>(field)];
}

/// Whether what reads the answer shows more than ASCII: the locale says so.
bool is_utf8_locale(const Env& env) {
  for (const std::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = env.variable(name).value_or("");
    if (value.empty()) continue;
    const std::string lower = text::lowered(value);
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  }
  return false;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::size_t rounded(double columns_of_a_bar) {
  return static_cast<std::size_t>(std::lround(columns_of_a_bar));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, columns(text)), ' ');
}

std::string padded_left(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ') + text;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  std::array<char, 32> text{};
  const double value =
      whole == 0 ? 0 : static_cast<double>(part) * 100 / static_cast<double>(whole);
  std::snprintf(text.data(), text.size(), "%5.1f %%", value);
  return text.data();
}

class Printer {
 public:
  Printer(const StatsAnswer& answer, Env& env)
      : answer_(answer),
        stats_(answer.stats),
        env_(env),
        blocks_(is_utf8_locale(env)),
        ellipsis_(blocks_ ? "…" : "...") {}

  void run() {
    period();
    decisions();
    pending();
    for (std::size_t i = 0; i < stats_.by().size(); ++i)
      tally(i);
    denials();
    latencies();
    histogram();
  }

 private:
  std::string red(const std::string& text) const {
    return env_.color_out && !text.empty() ? "\033[31m" + text + "\033[0m" : text;
  }
  void title(std::string_view text) {
    env_.out << '\n'
             << (env_.color_out ? "\033[1m" : "") << text << (env_.color_out ? "\033[0m" : "")
             << '\n';
  }

  /// To an eighth of a column where the locale has the blocks for it.
  std::string bar(std::uint64_t count, std::uint64_t greatest) const {
    constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (count == 0 || greatest == 0) return "";
    const double part = static_cast<double>(count) / static_cast<double>(greatest);
    const auto eighths = std::max<std::size_t>(rounded(part * static_cast<double>(kBar * 8)), 1);
    if (!blocks_) return std::string(std::max<std::size_t>(eighths / 8, 1), '#');
    std::string drawn;
    for (std::size_t i = 0; i < eighths / 8; ++i)
      drawn += "█";
    return drawn.append(kEighths[eighths % 8]);
  }

  std::string name(std::string_view from_outside) const {
    if (from_outside.empty()) return "-";
    std::string cut = audit::report::cut_to(from_outside, kLongestName);
    if (!blocks_ && cut.ends_with("…")) cut.replace(cut.size() - 3, 3, ellipsis_);
    return cut;
  }

  std::string micros(std::uint64_t value) const {
    std::string text = audit::report::micros_for_reader(value);
    const auto micro = text.find("µ");
    if (!blocks_ && micro != std::string::npos) text.replace(micro, 2, "u");
    return text;
  }

  static std::string counted(std::uint64_t count, bool at_least) {
    return (at_least ? ">= " : "") + grouped(count);
  }

  void period() {
    env_.out << grouped(stats_.records()) << (stats_.records() == 1 ? " record" : " records");
    if (stats_.first()) {
      env_.out << " from " << time::format_instant(*stats_.first()) << " to "
               << time::format_instant(*stats_.last());
    }
    env_.out << '\n';
  }

  void decisions() {
    const auto& decisions = stats_.decisions();
    const auto total = decisions.total();
    title("Decisions: " + grouped(total));
    if (total == 0) return;
    const auto width = grouped(total).size();
    const auto row = [&](std::string_view what, std::uint64_t count, bool is_denial) {
      const std::string drawn = bar(count, total);
      env_.out << "  " << padded(std::string(what), 6) << padded_left(grouped(count), width) << "  "
               << percent(count, total) << (drawn.empty() ? "" : "  ")
               << (is_denial ? red(drawn) : drawn) << '\n';
    };
    row("allow", decisions.allow, false);
    row("deny", decisions.deny, true);
    row("error", decisions.error, false);
    if (decisions.other > 0) row("other", decisions.other, false);
  }

  void pending() {
    if (stats_.pending_count() == 0) return;
    title("Pending intents: " + counted(stats_.pending_count(), !stats_.pending_is_exact()) +
          ", whose outcome is not in the log");
    std::size_t shown = 0;
    for (const auto& intent : stats_.pending()) {
      if (++shown > answer_.top) break;
      env_.out << "  seq " << intent.seq << "  "
               << (intent.at ? time::format_instant(*intent.at) : "-") << "  " << name(intent.event)
               << "  " << name(intent.sub) << "  " << name(intent.tool) << '\n';
    }
  }

  void tally(std::size_t i) {
    const auto& tally = stats_.tally(i);
    const auto values = tally.top(answer_.top);
    std::string heading = "By " + std::string(name_of(stats_.by()[i]));
    if (tally.distinct() > values.size()) {
      heading += ": " + std::to_string(values.size()) + " of " +
                 (tally.is_exact() ? "" : "more than ") + grouped(tally.distinct());
    }
    title(heading);
    std::size_t name_width = 0;
    std::size_t count_width = 0;
    std::size_t denied_width = 0;
    for (const Counted& value : values) {
      name_width = std::max(name_width, columns(name(audit::report::shown(value.value))));
      count_width = std::max(count_width, counted(value.count, value.at_least).size());
      denied_width = std::max(denied_width, denied_note(value).size());
    }
    for (const Counted& value : values) {
      const auto allowed = bar(value.count, values.front().count);
      std::string line = "  " + padded(name(audit::report::shown(value.value)), name_width) + "  " +
                         padded_left(counted(value.count, value.at_least), count_width);
      if (denied_width > 0) {
        const auto note = denied_note(value);
        line += "  " + red(note) + std::string(denied_width - note.size(), ' ');
      }
      env_.out << line << "  " << (value.denied == value.count ? red(allowed) : allowed) << '\n';
    }
  }

  static std::string denied_note(const Counted& value) {
    return value.denied == 0 ? "" : grouped(value.denied) + " denied";
  }

  void denials() {
    const auto denials = stats_.top_denials(answer_.top);
    if (denials.empty()) return;
    title("Denials: " + std::to_string(denials.size()) + " of " +
          (stats_.denials_are_exact() ? "" : "more than ") + grouped(stats_.distinct_denials()));
    std::vector<std::array<std::string, 5>> rows = {{"TIMES", "WHO", "ORG", "TOOL", "REASON"}};
    for (const auto& denial : denials) {
      rows.push_back({counted(denial.count, denial.at_least), name(denial.sub), name(denial.org),
                      name(denial.tool), name(denial.reason)});
    }
    std::array<std::size_t, 5> widths{};
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i)
        widths[i] = std::max(widths[i], columns(row[i]));
    }
    for (const auto& row : rows) {
      env_.out << "  " << padded_left(row[0], widths[0]);
      for (std::size_t i = 1; i < row.size(); ++i)
        env_.out << "  " << (i + 1 == row.size() ? row[i] : padded(row[i], widths[i]));
      env_.out << '\n';
    }
  }

  void latencies() {
    const auto& latencies = stats_.latencies();
    if (latencies.count() == 0) return;
    title("Latency of " + grouped(latencies.count()) + " outcomes");
    const auto row = [&](std::string_view what, std::uint64_t value) {
      const std::string drawn = bar(value, latencies.greatest());
      env_.out << "  " << padded(std::string(what), 5) << "  " << padded_left(micros(value), 8)
               << (drawn.empty() ? "" : "  ") << drawn << '\n';
    };
    for (const auto& [quantile, part] : kQuantiles)
      row(quantile, *latencies.quantile(part));
    row("max", latencies.greatest());
  }

  void histogram() {
    const auto& timeline = stats_.timeline();
    if (timeline.buckets().empty()) return;
    title("Decisions over time, " + time::format_duration(timeline.width()) + " each, UTC");
    std::uint64_t greatest = 0;
    for (const auto& [start, decisions] : timeline.buckets())
      greatest = std::max(greatest, decisions.total());
    const bool with_empty = timeline.span() <= kMostEmptyRows;
    auto next = timeline.buckets().begin()->first;
    for (const auto& [start, decisions] : timeline.buckets()) {
      for (; with_empty && next < start; next += timeline.width())
        bucket(next, {}, greatest);
      bucket(start, decisions, greatest);
      next = start + timeline.width();
    }
  }

  void bucket(Instant start, const Decisions& decisions, std::uint64_t greatest) {
    const auto total = decisions.total();
    env_.out << "  " << audit::report::bucket_label(start, answer_.stats.timeline().width()) << "  "
             << padded_left(grouped(total), grouped(greatest).size());
    if (total > 0) {
      env_.out << "  " << bar(total - decisions.deny, greatest)
               << red(denied_bar(decisions.deny, greatest));
    }
    if (decisions.deny > 0) env_.out << "  " << red(grouped(decisions.deny) + " denied");
    if (decisions.error > 0) env_.out << "  " << grouped(decisions.error) << " failed";
    env_.out << '\n';
  }

  /// Denials are told by another character, so that a bar can be read without colours.
  std::string denied_bar(std::uint64_t count, std::uint64_t greatest) const {
    if (count == 0) return "";
    const auto whole = static_cast<double>(kBar) * static_cast<double>(count);
    const auto cells = rounded(whole / static_cast<double>(greatest));
    std::string drawn;
    for (std::size_t i = 0; i < std::max<std::size_t>(cells, 1); ++i)
      drawn += blocks_ ? "▒" : "x";
    return drawn;
  }

  const StatsAnswer& answer_;
  const audit::report::Stats& stats_;
  Env& env_;
  bool blocks_;
  std::string ellipsis_;
};

}  // namespace

void print_stats(const StatsAnswer& answer, Env& env) {
  if (!answer.bucket) answer.stats.timeline().coarsen_to(kBarsOfItsOwn);
  if (answer.bucket && answer.stats.timeline().width() != *answer.bucket) {
    note(env, "there would be too many bars of " + time::format_duration(*answer.bucket) +
                  "; they are " + time::format_duration(answer.stats.timeline().width()) + " wide");
  }
  if (env.globals.json) {
    print_json(env, stats_as_json(answer));
  } else {
    Printer(answer, env).run();
  }
}

}  // namespace mcpauth::cli
