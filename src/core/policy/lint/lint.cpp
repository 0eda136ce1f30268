#include "core/policy/lint/lint.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "core/policy/lint/rules/judge.hpp"
#include "core/policy/lint/rules/suppress.hpp"

namespace mcpauth::policy::lint {
namespace {

auto position(const Finding& finding) {
  const auto& [file, span] = finding.place;
  return std::tie(file, span.line, span.column, finding.rule->code, finding.message);
}

/// Whether the rule was able to find anything. If not, a comment that silences it is not unused.
bool could_find(const Rule& rule, const policy::Reading& reading, const Inputs& inputs,
                const std::vector<Note>& notes) {
  const bool has_inputs = inputs.tools && inputs.groups && inputs.locked_tools;
  const bool was_skipped = std::ranges::any_of(
      notes, [&](const Note& note) { return note.rule.empty() || note.rule == rule.name; });
  return reading.faults.empty() && !was_skipped &&
         (rule.audience != Audience::with_input || has_inputs);
}

/// Lets the comments in the files silence findings, and adds findings about the comments
/// themselves.
void apply_directives(const policy::Reading& reading, const Inputs& inputs,
                      const std::vector<Note>& notes, std::vector<Finding>& findings) {
  std::vector<Directive> directives;
  for (const auto& source : reading.sources) {
    auto some = directives_of(source, SourceText(source.text));
    std::ranges::move(some, std::back_inserter(directives));
  }
  suppress(directives, findings, inputs.now);
  Findings about;
  const auto is_judged = [&](const Rule& rule) { return could_find(rule, reading, inputs, notes); };
  check_directives(directives, inputs.now, is_judged, about);
  std::ranges::move(about.take(), std::back_inserter(findings));
}

/// Keeps the findings that are selected and sets their severity. Counts those that only the persona
/// hides.
void select(const Choice& choice, std::vector<Finding>& findings, std::size_t& hidden) {
  for (auto& finding : findings) {
    if (!finding.is_fault) finding.severity = choice.severity(*finding.rule);
  }
  std::erase_if(findings, [&](const Finding& finding) {
    if (finding.is_fault) return false;
    const auto state = choice.state(*finding.rule);
    if (state == Choice::State::hidden_by_persona && !finding.suppressed) ++hidden;
    return state != Choice::State::active;
  });
}

/// A file that is part of several policies is judged in each. A finding in it is reported once, and
/// a comment that is used in one of them counts as used.
void merge(std::span<const policy::Reading* const> readings, std::vector<Finding>& findings) {
  std::map<std::string_view, std::size_t> readings_of;
  for (const auto* reading : readings) {
    for (const auto& source : reading->sources)
      ++readings_of[source.file];
  }
  std::ranges::stable_sort(
      findings, [](const Finding& a, const Finding& b) { return position(a) < position(b); });
  std::vector<Finding> merged;
  for (std::size_t i = 0; i < findings.size();) {
    auto end = i + 1;
    while (end < findings.size() && position(findings[i]) == position(findings[end]))
      ++end;
    const auto& first = findings[i];
    const bool is_used =
        first.rule->name == "unused-suppression" && end - i < readings_of[first.place.file];
    if (!is_used) merged.push_back(std::move(findings[i]));
    i = end;
  }
  findings = std::move(merged);
}

void count(Outcome& outcome) {
  auto& counts = outcome.counts;
  for (const auto& finding : outcome.findings) {
    if (finding.suppressed) {
      ++counts.suppressed;
    } else if (finding.is_in_baseline) {
      ++counts.baselined;
    } else {
      ++(finding.severity == Severity::error     ? counts.errors
         : finding.severity == Severity::warning ? counts.warnings
                                                 : counts.infos);
      if (finding.fix) ++counts.fixable;
    }
  }
}

}  // namespace

Outcome lint(std::span<const policy::Reading* const> readings, const Inputs& inputs,
             const Selection& selection, const Baseline* baseline) {
  Outcome out;
  std::set<std::string_view> files;
  for (const auto* reading : readings) {
    Findings found;
    judge(*reading, inputs, found);
    auto notes = found.take_notes();
    auto findings = found.take();
    apply_directives(*reading, inputs, notes, findings);
    select(Choice(selection, reading->policy), findings, out.counts.hidden);
    std::ranges::move(findings, std::back_inserter(out.findings));
    std::ranges::move(notes, std::back_inserter(out.notes));
    for (const auto& source : reading->sources)
      files.insert(source.file);
  }
  merge(readings, out.findings);
  if (baseline != nullptr) {
    const std::vector<std::string_view> list(files.begin(), files.end());
    out.counts.removed = baseline->apply(out.findings, list);
  }
  out.counts.files = files.size();
  count(out);
  return out;
}

std::vector<policy::Reading> roots_of(std::vector<policy::Reading> readings) {
  const auto plain = [](const std::string& file) {
    return std::filesystem::path(file).lexically_normal().string();
  };
  std::map<std::string, std::vector<std::size_t>>
      including;  // for each file, the readings that it is part of
  for (std::size_t i = 0; i < readings.size(); ++i) {
    for (const auto& source : readings[i].sources)
      including[plain(source.file)].push_back(i);
  }
  std::vector<bool> is_part(readings.size());
  for (std::size_t i = 0; i < readings.size(); ++i) {
    // When two files include each other, or are the same file, the first one is kept.
    is_part[i] =
        std::ranges::any_of(including[plain(readings[i].policy.file)], [&](std::size_t by) {
          const auto& back = including[plain(readings[by].policy.file)];
          return by != i && (by < i || std::ranges::find(back, i) == back.end());
        });
  }
  std::size_t at = 0;
  std::erase_if(readings, [&](const policy::Reading&) { return is_part[at++]; });
  return readings;
}

Outcome lint(const policy::Reading& reading, const Inputs& inputs, const Selection& selection,
             const Baseline* baseline) {
  const auto* one = &reading;
  return lint({&one, 1}, inputs, selection, baseline);
}

}  // namespace mcpauth::policy::lint
