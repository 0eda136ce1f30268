#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/baseline.hpp"
#include "core/policy/lint/format/machine.hpp"
#include "core/policy/lint/format/totals.hpp"

// GitHub's workflow commands, and the code quality report of GitLab.

namespace mcpauth::policy::lint {
namespace {

/// What a workflow command may hold: no line ends, and in a property no separator either.
std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', "0123456789ABCDEF"[byte >> 4U], "0123456789ABCDEF"[byte & 0xFU]};
  }
  return out;
}

std::string property(std::string_view text) {
  return escaped(text::printable(text), "%\r\n:,");
}
std::string content(std::string_view text) {
  return escaped(text, "%\r\n");
}

std::string command(const Finding& finding) {
  const auto& [file, span] = finding.place;
  std::string out =
      "::" + std::string(name(finding.severity)) + " file=" + property(relative_path(file));
  if (span.line != 0) {
    out += ",line=" + std::to_string(span.line);
    const bool is_one_line = span.end_line == span.line;
    // GitHub looks at columns only where both ends are in one line.
    if (span.end_line > span.line) out += ",endLine=" + std::to_string(span.end_line);
    out += ",col=" + std::to_string(span.column);
    if (is_one_line && span.end_column > span.column)
      out += ",endColumn=" + std::to_string(span.end_column);
  }
  const auto title = std::string(finding.rule->name) + " " + std::string(finding.rule->code);
  return out + ",title=" + property(title) + "::" + content(sentence(finding)) + "\n";
}

std::string_view gitlab_severity(Severity severity) {
  constexpr std::array<std::string_view, 3> kNames = {"info", "major", "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

}  // namespace

std::string write_github(const Document& document) {
  constexpr std::size_t kMostShown = 10;  // GitHub drops what is beyond, in each step
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
  for (const auto& note : document.notes)
    out += "::notice title=" + property(note.rule.empty() ? "not judged" : note.rule) +
           "::" + content(text::printable(note.text)) + "\n";
  if (left_out > 0) {
    out += "::notice title=mcpauth rbac lint::" + text::count_of(left_out, "finding") +
           " more, see the log: " + content(totals(document)) + "\n";
  }
  return out;
}

std::string write_gitlab(const Document& document) {
  json::Array out;
  std::unordered_map<std::string, std::size_t> seen;  // GitLab wants each fingerprint once
  for (const auto* finding : standing(document)) {
    auto known_by = fingerprint(*finding);
    const auto times = seen[known_by]++;
    if (times > 0) known_by += " #" + std::to_string(times + 1);
    const auto line = std::max(finding->place.span.line, 1U);
    out.emplace_back(
        json::Object{{"description", sentence(*finding)},
                     {"check_name", finding->rule->name},
                     {"fingerprint", digest(known_by)},
                     {"severity", gitlab_severity(finding->severity)},
                     {"location", json::Object{{"path", relative_path(finding->place.file)},
                                               {"lines", json::Object{{"begin", line}}}}}});
  }
  return json::write_pretty(out) + "\n";
}

}  // namespace mcpauth::policy::lint
