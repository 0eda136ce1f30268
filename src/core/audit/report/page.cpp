#include "core/audit/report/page.hpp"

#include <algorithm>
#include <array>

#include "core/audit/report/plot.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
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
  const double percent = static_cast<double>(part) * 100 / static_cast<double>(whole);
  return text::format("{:.{}f} %", percent, part > 0 && percent < 9.95 ? 1 : 0);
}

/// A table, row by row. Everything that is passed to it must be HTML.
class Table {
 public:
  /// `numbers` are the columns, from 0, that contain numbers.
  Table(std::string_view label, std::vector<std::string> head, std::vector<std::size_t> numbers)
      : numbers_(std::move(numbers)) {
    html_ = text::format(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table>\n<thead><tr>",
        escaped(label));
    for (std::size_t i = 0; i < head.size(); ++i)
      html_ += text::format("<th scope=\"col\"{}>{}</th>", style_of(i), head[i]);
    html_ += "</tr></thead>\n<tbody>\n";
  }
  void row(const std::vector<std::string>& cells) {
    html_ += text::format("<tr><th scope=\"row\"{}>{}</th>", style_of(0), cells.front());
    for (std::size_t i = 1; i < cells.size(); ++i)
      html_ += text::format("<td{}>{}</td>", style_of(i), cells[i]);
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
      html_ += "<p>No record was selected, so there is nothing to draw.</p>\n";
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
             ". This page is self-contained: it loads nothing and runs no script. "
             "Use <code>mcpauth audit verify</code> to check that the log is complete and "
             "unchanged.</footer>\n";
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
      html_ += text::format("<dt>{}</dt><dd>{}</dd>\n", escaped(name), html);
    };
    row("Period", stats_.first() ? text::format("{} to {}", time::format_instant(*stats_.first()),
                                                time::format_instant(*stats_.last()))
                                 : "no record");
    row("Records", grouped(stats_.records()));
    std::string files;
    for (const auto& file : settings_.files)
      files += (files.empty() ? "" : "<br>") + escaped(file);
    row(settings_.files.size() == 1 ? "File" : "Files", files);
    for (const auto& [name, value] : settings_.selection)
      row("Only " + name, text::format("<code>{}</code>", escaped(value)));
    html_ += "</dl>\n";
    if (settings_.unreadable == 0) return;
    html_ += text::format(
        "<p class=\"warn\">{} {} and not counted.</p>\n", grouped(settings_.unreadable),
        settings_.unreadable == 1 ? "line is not a record" : "lines are not records");
  }

  void figures() {
    const auto& decisions = stats_.decisions();
    const auto total = decisions.total();
    html_ +=
        "<section aria-labelledby=\"short\">\n<h2 id=\"short\">In short</h2>\n<ul "
        "class=\"figures\">\n";
    const auto figure = [&](std::string_view kind, const std::string& number,
                            const std::string& name) {
      html_ += text::format("<li class=\"{}\"><b>{}</b><span>{}</span></li>\n", kind, number, name);
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
      figure("", duration_text(*micros), "p99 latency");
    figure(stats_.pending_count() > 0 ? "error" : "",
           counted(stats_.pending_count(), !stats_.pending_is_exact()),
           stats_.pending_count() == 1 ? "pending intent" : "pending intents");
    html_ += "</ul>\n</section>\n";
  }

  void open_section(std::string_view id, std::string_view title) {
    html_ +=
        text::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n", id, title);
  }

  /// The legend has the same patterns as the bars.
  void legend(bool is_whole) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kKinds = {
        {{"allow", "allowed"}, {"deny", "denied"}, {"error", "failed"}, {"other", "no decision"}}};
    html_ += "<ul class=\"legend\" aria-hidden=\"true\">";
    for (const auto& [kind, name] : kKinds) {
      if (!is_whole && kind != "allow" && kind != "deny") continue;
      if (kind == "other" && stats_.decisions().other == 0) continue;
      html_ += text::format(
          R"(<li><svg viewBox="0 0 18 14"><rect class="{}" width="18" height="14"/>)", kind);
      if (kind != "allow") {
        html_ += text::format("<rect fill=\"url(#on-{})\" width=\"18\" height=\"14\"/>", kind);
      }
      html_ += text::format("</svg>{}</li>", is_whole || kind == "deny" ? name : "not denied");
    }
    html_ += "</ul>\n";
  }

  void drawing(const std::string& svg, std::string_view label, const std::string& table) {
    html_ += text::format(
        "<figure>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Drawing: {}\">\n"
        "{}</div>\n<details><summary>Figures of this drawing</summary>\n{}</details>\n</figure>\n",
        escaped(label), svg, table);
  }

  void timeline() {
    const auto& timeline = stats_.timeline();
    const std::string width = time::format_duration(timeline.width());
    open_section("time", "Decisions over time");
    if (timeline.buckets().empty()) {
      html_ += "<p>No decision has a time.</p>\n</section>\n";
      return;
    }
    html_ += text::format("<p class=\"quiet\">Each bar is {}, in UTC.</p>\n", width);
    legend(true);
    Table table("Decisions over time", {"From", "Allowed", "Denied", "Failed", "Other", "All"},
                {1, 2, 3, 4, 5});
    for (const auto& [start, decisions] : timeline.buckets()) {
      table.row({bucket_label(start, timeline.width()), grouped(decisions.allow),
                 grouped(decisions.deny), grouped(decisions.error), grouped(decisions.other),
                 grouped(decisions.total())});
    }
    const Caption caption{.id = "timeline",
                          .title = "Decisions over time",
                          .description = text::format(
                              "Stacked bars of {} each: {} allowed, {} denied, {} failed.", width,
                              grouped(stats_.decisions().allow), grouped(stats_.decisions().deny),
                              grouped(stats_.decisions().error))};
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
      html_ += text::format("<li><b>{}</b><span>{}</span></li>\n", duration_text(micros), name);
      description += text::format(" {} {}.", name, duration_text(micros));
    };
    for (const auto& [part, name] : kQuantiles)
      figure(name, *latencies.quantile(part));
    figure("max", latencies.greatest());
    html_ += text::format(
        "</ul>\n<p class=\"quiet\">From the decision to the outcome, of {} outcomes. The axis is "
        "logarithmic.</p>\n",
        grouped(latencies.count()));
    Table table("Latency", {"From", "To", "Outcomes", "Share"}, {0, 1, 2, 3});
    for (const auto& bin : latency_bins(latencies)) {
      table.row({duration_text(bin.from), duration_text(bin.to), grouped(bin.count),
                 share(bin.count, latencies.count())});
    }
    const Caption caption{.id = "latencies", .title = "Latency", .description = description};
    drawing(plot_latencies(latencies, caption), caption.title, std::move(table).done());
    html_ += "</section>\n";
  }

  void most_frequent(std::size_t shown, std::uint64_t all, bool is_exact) {
    html_ += text::format("<p class=\"quiet\">The {} most frequent of {}{}.</p>\n", shown,
                          is_exact ? "" : "more than ", grouped(all));
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
      most_frequent(bars.size(), tally.distinct(), tally.is_exact());
    }
    legend(false);
    Table table(title, {std::string(what), "Decisions", "Denied"}, {1, 2});
    for (const auto& bar : bars) {
      table.row(
          {cell(bar.label), counted(bar.count, bar.at_least), counted(bar.denied, bar.at_least)});
    }
    const std::string drawing_id = text::format("{}-bars", id);
    const Caption caption{
        .id = drawing_id,
        .title = title,
        .description = text::format("{} by their decisions, the denied ones hatched.", title)};
    drawing(plot_ranking(bars, caption), title, std::move(table).done());
    html_ += "</section>\n";
  }

  /// Only of denials: the reason of most decisions is `granted`.
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
      most_frequent(denials.size(), stats_.distinct_denials(), stats_.denials_are_exact());
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
    html_ += "<p>These may or may not have happened: their outcome is in none of the files.</p>\n";
    if (pending.size() > kMostPendingShown) {
      html_ += text::format("<p class=\"quiet\">The last {} of {}.</p>\n", kMostPendingShown,
                            counted(pending.size(), !stats_.pending_is_exact()));
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
