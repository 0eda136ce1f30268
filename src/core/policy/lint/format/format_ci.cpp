#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/baseline.hpp"
#include "core/policy/lint/format/machine.hpp"
#include "core/policy/lint/format/totals.hpp"

// GitHub's workflow commands, and the code quality report of GitLab.

namespace mcpauth::policy::lint {
namespace {

/// Percent-encodes the special characters, as a workflow command needs it.
std::string percent_encoded(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    out += text::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string property(std::string_view text) {
  return percent_encoded(text::printable(text), "%\r\n:,");
}
std::string content(std::string_view text) {
  return percent_encoded(text, "%\r\n");
}

std::string command(const Finding& finding) {
  const auto& [file, span] = finding.place;
  auto out = text::format("::{} file={}", name(finding.severity), property(relative_path(file)));
  if (span.line != 0) {
    out += text::format(",line={}", span.line);
    const bool is_one_line = span.end_line == span.line;
    // GitHub takes an end column only when the finding is on one line.
    if (span.end_line > span.line) out += text::format(",endLine={}", span.end_line);
    out += text::format(",col={}", span.column);
    if (is_one_line && span.end_column > span.column) {
      out += text::format(",endColumn={}", span.end_column);
    }
  }
  const auto title = text::format("{} {}", finding.rule->name, finding.rule->code);
  return out + text::format(",title={}::{}\n", property(title), content(sentence(finding)));
}

std::string_view gitlab_severity(Severity severity) {
  constexpr std::array<std::string_view, 3> kNames = {"info", "major", "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

}  // namespace

std::string write_github(const Document& document) {
  constexpr std::size_t kMostShown = 10;  // of each severity; GitHub drops the rest
  auto findings = standing(document);
  std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
  std::array<std::size_t, 3> shown = {};
  std::string out;
  std::size_t left_out = 0;
  for (const auto* finding : findings) {
    const bool is_shown = finding->severity != Severity::info &&
                          shown[static_cast<std::size_t>(finding->severity)]++ < kMostShown;
    if (is_shown) {
      out += command(*finding);
    } else {
      ++left_out;
    }
  }
  for (const auto& note : document.notes) {
    const auto title = property(note.rule.empty() ? "not judged" : note.rule);
    out += text::format("::notice title={}::{}\n", title, content(text::printable(note.text)));
  }
  if (left_out > 0) {
    out += text::format("::notice title=mcpauth rbac lint::{} more, see the log: {}\n",
                        text::count_of(left_out, "finding"), content(totals(document)));
  }
  return out;
}

std::string write_gitlab(const Document& document) {
  json::Array out;
  std::unordered_map<std::string, std::size_t> seen;  // GitLab wants each fingerprint once
  for (const auto* finding : standing(document)) {
    auto known_by = fingerprint(*finding);
    const auto times = seen[known_by]++;
    if (times > 0) known_by += text::format(" #{}", times + 1);
    const auto line = std::max(finding->place.span.line, 1U);
    out.emplace_back(
        json::Object{{"description", sentence(*finding)},
                     {"check_name", finding->rule->name},
                     {"fingerprint", fnv1a_fingerprint(known_by)},
                     {"severity", gitlab_severity(finding->severity)},
                     {"location", json::Object{{"path", relative_path(finding->place.file)},
                                               {"lines", json::Object{{"begin", line}}}}}});
  }
  return json::write_pretty(out) + "\n";
}

}  // namespace mcpauth::policy::lint
