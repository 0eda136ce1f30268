#include "core/audit/report/page.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/audit/report/plot.hpp"
#include "core/base/reason.hpp"
#include "core/codec/html.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::audit::report {
namespace {

using audit::Field;
using html::escaped;

constexpr std::size_t kMostBars = 72;
constexpr std::size_t kMostPendingShown = 50;
constexpr std::size_t kLongestCell = 200;

constexpr std::array kFields = {Field::tool, Field::org_id, Field::reason};

constexpr std::string_view kStyle =
#include "core/audit/report/page_style.inc"
    ;

std::string cell(std::string_view from_outside) {
  return from_outside.empty() ? "<em class=\"quiet\">none</em>"
                              : escaped(cut_to(from_outside, kLongestCell));
}

std::string counted(std::uint64_t count, bool at_least) {
  return (at_least ? "at least " : "") + grouped(count);
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "";
  std::array<char, 32> text{};
  const double percent = static_cast<double>(part) * 100 / static_cast<double>(whole);
  std::snprintf(text.data(), text.size(), part > 0 && percent < 9.95 ? "%.1f %%" : "%.0f %%",
                percent);
  return text.data();
}

/// A table, row by row; what is given is HTML already.
class Table {
 public:
  /// `numbers`: the columns, counted from 0, whose cells are numbers.
  Table(std::string_view label, std::vector<std::string> head, std::vector<std::size_t> numbers)
      : numbers_(std::move(numbers)) {
    html_ = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(label) +
            "\"><table>\n<thead><tr>";
    for (std::size_t i = 0; i < head.size(); ++i)
      html_ += "<th scope=\"col\"" + style_of(i) + ">" + head[i] + "</th>";
    html_ += "</tr></thead>\n<tbody>\n";
  }
  void row(const std::vector<std::string>& cells) {
    html_ += "<tr><th scope=\"row\"" + style_of(0) + ">" + cells.front() + "</th>";
    for (std::size_t i = 1; i < cells.size(); ++i)
      html_ += "<td" + style_of(i) + ">" + cells[i] + "</td>";
    html_ += "</tr>\n";
  }
  std::string done() && { return std::move(html_) + "</tbody>\n</table></div>\n"; }

 private:
  std::string style_of(std::size_t column) const {
    return std::ranges::find(numbers_, column) == numbers_.end() ? "" : " class=\"n\"";
  }
  std::vector<std::size_t> numbers_;
  std::string html_;
};

class Page {
 public:
  Page(Stats stats, const PageSettings& settings) : stats_(std::move(stats)), settings_(settings) {
    stats_.timeline().coarsen_to(kMostBars);
  }

  std::string run() {
    head();
    figures();
    if (stats_.records() == 0) {
      html_ += "<p>No record was chosen, so there is nothing to draw.</p>\n";
    } else {
      timeline();
      latencies();
      ranking("tools", "Tools", "Tool", 0);
      ranking("orgs", "Organisations", "Organisation", 1);
      reasons();
      denials();
    }
    pending();
    html_ += "</main>\n<footer class=\"quiet\">Made by mcpauth on " +
             time::format_instant(settings_.made_at) +
             ". The page holds all that it shows: it asks for nothing and runs no script. "
             "Whether the log is whole and genuine is for <code>mcpauth audit verify</code> to "
             "say.</footer>\n";
    html_ += html::kPageEnd;
    return std::move(html_);
  }

 private:
  void head() {
    const auto style = std::string(kStyle) + std::string(plot_style());
    html_ += html::page_start({.title = settings_.title,
                               .style = style,
                               .skip_to = "figures",
                               .skip_text = "Skip to the figures"});
    html_ += plot_patterns();
    html_ += "<header>\n<h1>" + escaped(settings_.title) + "</h1>\n";
    source();
    html_ += "</header>\n<main id=\"figures\">\n";
  }

  void source() {
    html_ += "<dl class=\"source\">\n";
    const auto row = [&](std::string_view name, const std::string& html) {
      html_ += "<dt>" + escaped(name) + "</dt><dd>" + html + "</dd>\n";
    };
    row("Period", stats_.first() ? time::format_instant(*stats_.first()) + " to " +
                                       time::format_instant(*stats_.last())
                                 : "no record");
    row("Records", grouped(stats_.records()));
    std::string files;
    for (const auto& file : settings_.files)
      files += (files.empty() ? "" : "<br>") + escaped(file);
    row(settings_.files.size() == 1 ? "File" : "Files", files);
    for (const auto& [name, value] : settings_.selection)
      row("Only " + name, "<code>" + escaped(value) + "</code>");
    html_ += "</dl>\n";
    if (settings_.unreadable == 0) return;
    html_ += "<p class=\"warn\">" + grouped(settings_.unreadable) +
             (settings_.unreadable == 1 ? " line is no record and is"
                                        : " lines are no records and are") +
             " in no figure.</p>\n";
  }

  void figures() {
    const auto& decisions = stats_.decisions();
    const auto total = decisions.total();
    html_ +=
        "<section aria-labelledby=\"short\">\n<h2 id=\"short\">In short</h2>\n<ul "
        "class=\"figures\">\n";
    const auto figure = [&](std::string_view kind, const std::string& number,
                            const std::string& name) {
      html_ += "<li class=\"" + std::string(kind) + "\"><b>" + number + "</b><span>" + name +
               "</span></li>\n";
    };
    const auto part = [&](std::string_view kind, std::uint64_t count, const std::string& name) {
      figure(kind, grouped(count), name + (total > 0 ? " (" + share(count, total) + ")" : ""));
    };
    figure("", grouped(total), total == 1 ? "decision" : "decisions");
    part("allow", decisions.allow, "allowed");
    part("deny", decisions.deny, "denied");
    part("error", decisions.error, "failed");
    if (decisions.other > 0) part("", decisions.other, "without a decision");
    if (const auto micros = stats_.latencies().quantile(0.99))
      figure("", micros_for_reader(*micros), "p99 latency");
    figure(stats_.pending_count() > 0 ? "error" : "",
           counted(stats_.pending_count(), !stats_.pending_is_exact()),
           stats_.pending_count() == 1 ? "pending intent" : "pending intents");
    html_ += "</ul>\n</section>\n";
  }

  void open_section(std::string_view id, std::string_view title) {
    html_ += "<section aria-labelledby=\"" + std::string(id) + "\">\n<h2 id=\"" + std::string(id) +
             "\">" + std::string(title) + "</h2>\n";
  }

  /// The legend has the same patterns as the bars.
  void legend(bool is_whole) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kKinds = {
        {{"allow", "allowed"}, {"deny", "denied"}, {"error", "failed"}, {"other", "no decision"}}};
    html_ += "<ul class=\"legend\" aria-hidden=\"true\">";
    for (const auto& [kind, name] : kKinds) {
      if (!is_whole && kind != "allow" && kind != "deny") continue;
      if (kind == "other" && stats_.decisions().other == 0) continue;
      const std::string key(kind);
      html_ +=
          "<li><svg viewBox=\"0 0 18 14\"><rect class=\"" + key + "\" width=\"18\" height=\"14\"/>";
      if (kind != "allow")
        html_ += "<rect fill=\"url(#on-" + key + ")\" width=\"18\" height=\"14\"/>";
      html_ += "</svg>" + std::string(is_whole || kind == "deny" ? name : "not denied") + "</li>";
    }
    html_ += "</ul>\n";
  }

  void drawing(const std::string& svg, std::string_view label, std::string table) {
    html_ += "<figure>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Drawing: " +
             escaped(label) + "\">\n" + svg + "</div>\n<details><summary>Figures of this drawing" +
             "</summary>\n" + std::move(table) + "</details>\n</figure>\n";
  }

  void timeline() {
    const auto& timeline = stats_.timeline();
    const std::string width = time::format_duration(timeline.width());
    open_section("time", "Decisions over time");
    if (timeline.buckets().empty()) {
      html_ += "<p>No decision has a time.</p>\n</section>\n";
      return;
    }
    html_ += "<p class=\"quiet\">Each bar is " + width + ", in UTC.</p>\n";
    legend(true);
    Table table("Decisions over time", {"From", "Allowed", "Denied", "Failed", "Other", "All"},
                {1, 2, 3, 4, 5});
    for (const auto& [start, decisions] : timeline.buckets()) {
      table.row({bucket_label(start, timeline.width()), grouped(decisions.allow),
                 grouped(decisions.deny), grouped(decisions.error), grouped(decisions.other),
                 grouped(decisions.total())});
    }
    const Caption caption{
        .id = "timeline",
        .title = "Decisions over time",
        .description = "Stacked bars of " + width + " each: " + grouped(stats_.decisions().allow) +
                       " allowed, " + grouped(stats_.decisions().deny) + " denied, " +
                       grouped(stats_.decisions().error) + " failed."};
    drawing(plot_timeline(timeline, caption), caption.title, std::move(table).done());
    html_ += "</section>\n";
  }

  void latencies() {
    const auto& latencies = stats_.latencies();
    open_section("latency", "Latency");
    if (latencies.count() == 0) {
      html_ += "<p>No decision has a latency.</p>\n</section>\n";
      return;
    }
    constexpr std::array<std::pair<double, std::string_view>, 4> kQuantiles = {
        {{0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}, {0.999, "p99.9"}}};
    html_ += "<ul class=\"figures\">\n";
    std::string description = "Histogram on a logarithmic axis.";
    const auto figure = [&](std::string_view name, std::uint64_t micros) {
      html_ += "<li><b>" + micros_for_reader(micros) + "</b><span>" + std::string(name) +
               "</span></li>\n";
      description.append(" ")
          .append(name)
          .append(" ")
          .append(micros_for_reader(micros))
          .append(".");
    };
    for (const auto& [part, name] : kQuantiles)
      figure(name, *latencies.quantile(part));
    figure("max", latencies.greatest());
    html_ += "</ul>\n<p class=\"quiet\">From the decision to the outcome, of " +
             grouped(latencies.count()) + " outcomes. The axis is logarithmic.</p>\n";
    Table table("Latency", {"From", "To", "Outcomes", "Share"}, {0, 1, 2, 3});
    for (const auto& bin : latency_bins(latencies)) {
      table.row({micros_for_reader(bin.from), micros_for_reader(bin.to), grouped(bin.count),
                 share(bin.count, latencies.count())});
    }
    const Caption caption{.id = "latencies", .title = "Latency", .description = description};
    drawing(plot_latencies(latencies, caption), caption.title, std::move(table).done());
    html_ += "</section>\n";
  }

  static std::vector<RankedBar> bars_of(const std::vector<Counted>& values) {
    std::vector<RankedBar> bars;
    for (const auto& value : values)
      bars.push_back({shown(value.value), value.count, value.denied, value.at_least});
    return bars;
  }

  void ranking(std::string_view id, std::string_view title, std::string_view what, std::size_t by) {
    const Tally& tally = stats_.tally(by);
    const auto bars = bars_of(tally.top(settings_.top));
    open_section(id, title);
    if (tally.distinct() > bars.size()) {
      html_ += "<p class=\"quiet\">The " + std::to_string(bars.size()) + " most frequent of " +
               (tally.is_exact() ? "" : "more than ") + grouped(tally.distinct()) + ".</p>\n";
    }
    legend(false);
    Table table(title, {std::string(what), "Decisions", "Denied"}, {1, 2});
    for (const auto& bar : bars) {
      table.row(
          {cell(bar.label), counted(bar.count, bar.at_least), counted(bar.denied, bar.at_least)});
    }
    const std::string drawing_id = std::string(id) + "-bars";
    const Caption caption{
        .id = drawing_id,
        .title = title,
        .description = std::string(title) + " by their decisions, the denied ones hatched."};
    drawing(plot_ranking(bars, caption), title, std::move(table).done());
    html_ += "</section>\n";
  }

  /// Of denials only: that most decisions were `granted` is no news.
  void reasons() {
    constexpr std::size_t kEnough = 1000;
    auto values = stats_.tally(2).top(kEnough);
    std::erase_if(values, [](const Counted& value) { return value.denied == 0; });
    std::ranges::stable_sort(values, std::ranges::greater(), &Counted::denied);
    values.resize(std::min(values.size(), settings_.top));
    open_section("reasons", "Why it was denied");
    if (values.empty()) {
      html_ += "<p>Nothing was denied.</p>\n</section>\n";
      return;
    }
    Table table("Reasons of denials", {"Reason", "What it means", "Denials"}, {2});
    std::vector<RankedBar> bars;
    for (const auto& value : values) {
      const std::string reason = shown(value.value);
      table.row({cell(reason), escaped(meaning(reason)), counted(value.denied, value.at_least)});
      bars.push_back({reason, value.denied, value.denied, value.at_least});
    }
    const Caption caption{.id = "reasons-bars",
                          .title = "Reasons of denials",
                          .description = "Bars of denials for each reason."};
    drawing(plot_ranking(bars, caption), caption.title, std::move(table).done());
    html_ += "</section>\n";
  }

  void denials() {
    const auto denials = stats_.top_denials(settings_.top);
    if (denials.empty()) return;
    open_section("denials", "Who was denied what");
    if (stats_.distinct_denials() > denials.size()) {
      html_ += "<p class=\"quiet\">The " + std::to_string(denials.size()) + " most frequent of " +
               (stats_.denials_are_exact() ? "" : "more than ") +
               grouped(stats_.distinct_denials()) + ".</p>\n";
    }
    Table table("Who was denied what", {"Who", "Organisation", "Tool", "Reason", "Times"}, {4});
    for (const auto& denial : denials) {
      table.row({cell(denial.sub), cell(denial.org), cell(denial.tool), cell(denial.reason),
                 counted(denial.count, denial.at_least)});
    }
    html_ += std::move(table).done() + "</section>\n";
  }

  void pending() {
    const auto pending = stats_.pending();
    open_section("pending", "Pending intents");
    if (pending.empty()) {
      html_ += "<p>Every intent has its outcome.</p>\n</section>\n";
      return;
    }
    html_ +=
        "<p>What these announced may or may not have happened: their outcome is in none of the "
        "files.</p>\n";
    if (pending.size() > kMostPendingShown) {
      html_ += "<p class=\"quiet\">The last " + std::to_string(kMostPendingShown) + " of " +
               counted(pending.size(), !stats_.pending_is_exact()) + ".</p>\n";
    }
    Table table("Pending intents", {"seq", "Time", "Event", "Who", "Organisation", "Tool"}, {0});
    for (std::size_t i = pending.size() - std::min(pending.size(), kMostPendingShown);
         i < pending.size(); ++i) {
      const auto& intent = pending[i];
      table.row({std::to_string(intent.seq), intent.at ? time::format_instant(*intent.at) : "",
                 cell(intent.event), cell(intent.sub), cell(intent.org), cell(intent.tool)});
    }
    html_ += std::move(table).done() + "</section>\n";
  }

  Stats stats_;
  const PageSettings& settings_;
  std::string html_;
};

}  // namespace

std::vector<Field> page_fields() {
  return {kFields.begin(), kFields.end()};
}

std::string to_html(Stats stats, const PageSettings& settings) {
  return Page(std::move(stats), settings).run();
}

}  // namespace mcpauth::audit::report
