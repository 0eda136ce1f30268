#include "cli/audit/stats_output.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "cli/audit/glyphs.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/table.hpp"
#include "core/audit/report/plot.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

using audit::report::Counted;
using audit::report::Decisions;
using audit::report::grouped;
using text::Style;
using Align = Table::Align;

constexpr std::size_t kDefaultBars = 24;  // of the histogram, where no width was asked for
constexpr std::uint64_t kMostEmptyRows = 500;

constexpr std::array<std::pair<std::string_view, double>, 4> kQuantiles = {
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

/// What each section is printed with.
struct Printing {
  const StatsAnswer& answer;
  const audit::report::Stats& stats;
  Glyphs glyphs;
  Env& env;

  std::string styled(std::string_view text, Style style) const {
    return text::styled(text, style, env.color_out);
  }
  void title(std::string_view text) const { env.out << '\n' << styled(text, Style::bold) << '\n'; }
  void table(const Table& table) const { env.out << table.text(env.color_out); }
};

std::string number(std::uint64_t count, bool at_least) {
  return (at_least ? ">= " : "") + grouped(count);
}

/// "5 of 1,234", or "5 of more than 1,234".
std::string shown_of(std::size_t shown, std::uint64_t all, bool is_exact) {
  return text::format("{} of {}{}", shown, is_exact ? "" : "more than ", grouped(all));
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  const double value =
      whole == 0 ? 0 : static_cast<double>(part) * 100 / static_cast<double>(whole);
  return text::format("{:5.1f} %", value);
}

std::string denied_text(std::uint64_t denied) {
  return denied == 0 ? "" : text::format("{} denied", grouped(denied));
}

void print_period(const Printing& p) {
  const auto& stats = p.stats;
  p.env.out << grouped(stats.records()) << (stats.records() == 1 ? " record" : " records");
  if (stats.first()) {
    p.env.out << text::format(" from {} to {}", time::format_instant(*stats.first()),
                              time::format_instant(*stats.last()));
  }
  p.env.out << '\n';
}

void print_decisions(const Printing& p) {
  const auto& decisions = p.stats.decisions();
  const auto total = decisions.total();
  p.title(text::format("Decisions: {}", grouped(total)));
  if (total == 0) return;
  Table table({Align::left, Align::left, Align::left});
  const auto width = grouped(total).size();
  const auto row = [&](std::string_view what, std::uint64_t count, Style style) {
    table.add({{text::format("{:<6}{:>{}}", what, grouped(count), width)},
               {percent(count, total)},
               {p.glyphs.bar(count, total), style}});
  };
  row("allow", decisions.allow, Style::plain);
  row("deny", decisions.deny, Style::red);
  row("error", decisions.error, Style::plain);
  if (decisions.other > 0) row("other", decisions.other, Style::plain);
  p.table(table);
}

void print_pending(const Printing& p) {
  const auto& stats = p.stats;
  if (stats.pending_count() == 0) return;
  p.title(text::format("Pending intents: {}, whose outcome is not in the log",
                       number(stats.pending_count(), !stats.pending_is_exact())));
  const auto pending = stats.pending();
  for (std::size_t i = 0; i < std::min(pending.size(), p.answer.top); ++i) {
    const auto& intent = pending[i];
    p.env.out << text::format("  seq {}  {}  {}  {}  {}\n", intent.seq,
                              intent.at ? time::format_instant(*intent.at) : "-",
                              p.glyphs.name(intent.event), p.glyphs.name(intent.sub),
                              p.glyphs.name(intent.tool));
  }
}

/// How often each value of the `i`-th field of --by came.
void print_tally(const Printing& p, std::size_t i) {
  const auto& tally = p.stats.tally(i);
  const auto values = tally.top(p.answer.top);
  std::string title = text::format("By {}", audit::name(p.stats.by()[i]));
  if (tally.distinct() > values.size()) {
    title += ": " + shown_of(values.size(), tally.distinct(), tally.is_exact());
  }
  p.title(title);
  Table table({Align::left, Align::right, Align::left, Align::left});
  for (const Counted& value : values) {
    const auto style = value.denied == value.count ? Style::red : Style::plain;
    table.add({{p.glyphs.name(audit::report::shown(value.value))},
               {number(value.count, value.at_least)},
               {denied_text(value.denied), Style::red},
               {p.glyphs.bar(value.count, values.front().count), style}});
  }
  p.table(table);
}

void print_denials(const Printing& p) {
  const auto denials = p.stats.top_denials(p.answer.top);
  if (denials.empty()) return;
  p.title("Denials: " +
          shown_of(denials.size(), p.stats.distinct_denials(), p.stats.denials_are_exact()));
  Table table({Align::right, Align::left, Align::left, Align::left, Align::left});
  table.add({{"TIMES"}, {"WHO"}, {"ORG"}, {"TOOL"}, {"REASON"}});
  for (const auto& denial : denials) {
    table.add({{number(denial.count, denial.at_least)},
               {p.glyphs.name(denial.sub)},
               {p.glyphs.name(denial.org)},
               {p.glyphs.name(denial.tool)},
               {p.glyphs.name(denial.reason)}});
  }
  p.table(table);
}

void print_latencies(const Printing& p) {
  constexpr std::size_t kWidth = 8;  // of a duration
  const auto& latencies = p.stats.latencies();
  if (latencies.count() == 0) return;
  p.title(text::format("Latency of {} outcomes", grouped(latencies.count())));
  Table table({Align::left, Align::left, Align::left});
  const auto row = [&](std::string_view what, std::uint64_t micros) {
    table.add({{std::string(what)},
               {text::padded_left(p.glyphs.duration(micros), kWidth)},
               {p.glyphs.bar(micros, latencies.greatest())}});
  };
  for (const auto& [name, part] : kQuantiles)
    row(name, *latencies.quantile(part));
  row("max", latencies.greatest());
  p.table(table);
}

/// One bar of the histogram: what was not denied, then what was.
void print_bucket(const Printing& p, Instant start, const Decisions& decisions,
                  std::uint64_t greatest) {
  const auto total = decisions.total();
  auto& out = p.env.out;
  out << "  " << audit::report::bucket_label(start, p.stats.timeline().width()) << "  "
      << text::padded_left(grouped(total), grouped(greatest).size());
  if (total > 0) {
    out << "  " << p.glyphs.bar(total - decisions.deny, greatest)
        << p.styled(p.glyphs.hatched_bar(decisions.deny, greatest), Style::red);
  }
  if (decisions.deny > 0) out << "  " << p.styled(denied_text(decisions.deny), Style::red);
  if (decisions.error > 0) out << "  " << grouped(decisions.error) << " failed";
  out << '\n';
}

void print_histogram(const Printing& p) {
  const auto& timeline = p.stats.timeline();
  if (timeline.buckets().empty()) return;
  p.title(
      text::format("Decisions over time, {} each, UTC", time::format_duration(timeline.width())));
  std::uint64_t greatest = 0;
  for (const auto& [start, decisions] : timeline.buckets())
    greatest = std::max(greatest, decisions.total());
  const bool with_empty = timeline.span() <= kMostEmptyRows;
  auto next = timeline.buckets().begin()->first;
  for (const auto& [start, decisions] : timeline.buckets()) {
    for (; with_empty && next < start; next += timeline.width())
      print_bucket(p, next, {}, greatest);
    print_bucket(p, start, decisions, greatest);
    next = start + timeline.width();
  }
}

void print_text(const StatsAnswer& answer, Env& env) {
  const Printing p{.answer = answer, .stats = answer.stats, .glyphs = Glyphs(env), .env = env};
  print_period(p);
  print_decisions(p);
  print_pending(p);
  for (std::size_t i = 0; i < answer.stats.by().size(); ++i)
    print_tally(p, i);
  print_denials(p);
  print_latencies(p);
  print_histogram(p);
}

}  // namespace

void print_stats(const StatsAnswer& answer, Env& env) {
  auto& timeline = answer.stats.timeline();
  if (!answer.bucket) timeline.coarsen_to(kDefaultBars);
  if (answer.bucket && timeline.width() != *answer.bucket) {
    note(env, text::format("there would be too many bars of {}; they are {} wide",
                           time::format_duration(*answer.bucket),
                           time::format_duration(timeline.width())));
  }
  if (env.globals.json) {
    print_json(env, stats_as_json(answer));
  } else {
    print_text(answer, env);
  }
}

}  // namespace mcpauth::cli
