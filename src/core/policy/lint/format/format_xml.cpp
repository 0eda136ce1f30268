#include <map>

#include "core/codec/html.hpp"
#include "core/policy/lint/format/machine.hpp"

// JUnit and Checkstyle. What XML 1.0 cannot hold is made printable before it is escaped.

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + html::escaped(value) + "\"";
}
std::string attribute(std::string_view name, std::size_t value) {
  return attribute(name, std::to_string(value));
}

/// The findings of each file, also of those without one, in the order of the names.
using ByFile = std::map<std::string_view, std::vector<const Finding*>>;

ByFile by_file(const Document& document) {
  ByFile out;
  for (const auto* reading : document.readings) {
    for (const auto& source : reading->sources)
      out[source.file];
  }
  for (const auto& finding : document.findings)
    out[finding.place.file].push_back(&finding);
  return out;
}

bool is_failure(const Finding& finding) {
  return stands(finding) && finding.severity != Severity::info;
}

std::string where(const Finding& finding) {
  const auto& [file, span] = finding.place;
  return relative_path(file) + ":" + std::to_string(span.line) + ":" + std::to_string(span.column);
}

std::string test_case(const Finding& finding) {
  const auto file = relative_path(finding.place.file);
  const auto title = std::string(finding.rule->name) + " " +
                     (finding.path.empty() ? where(finding) : finding.path);
  std::string out = "    <testcase" + attribute("classname", file) + attribute("name", title) +
                    attribute("file", file) + attribute("line", finding.place.span.line) + ">\n";
  if (!stands(finding)) {
    out +=
        "      <skipped" +
        attribute("message", finding.suppressed ? finding.suppressed->reason : "in the baseline") +
        "/>\n";
  } else if (is_failure(finding)) {
    out += "      <failure" + attribute("type", name(finding.severity)) +
           attribute("message", finding.message) + ">" + html::escaped(where(finding)) + ": " +
           html::escaped(sentence(finding)) + "</failure>\n";
  } else {
    out += "      <system-out>" + html::escaped(where(finding)) + ": " +
           html::escaped(sentence(finding)) + "</system-out>\n";
  }
  return out + "    </testcase>\n";
}

struct Tally {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;

  std::string attributes() const {
    return attribute("tests", tests) + attribute("failures", failures) + attribute("errors", 0) +
           attribute("skipped", skipped);
  }
};

}  // namespace

std::string write_junit(const Document& document) {
  Tally all;
  std::string suites;
  for (const auto& [file, findings] : by_file(document)) {
    const auto path = relative_path(file);
    Tally tally;
    std::string cases;
    for (const auto* finding : findings) {
      ++tally.tests;
      tally.failures += is_failure(*finding) ? 1U : 0U;
      tally.skipped += stands(*finding) ? 0U : 1U;
      cases += test_case(*finding);
    }
    if (findings.empty()) {  // a suite without a test looks as if nothing had been judged
      ++tally.tests;
      cases = "    <testcase" + attribute("classname", path) + attribute("name", "rbac lint") +
              attribute("file", path) + "/>\n";
    }
    suites += "  <testsuite" + attribute("name", path) + tally.attributes() + ">\n" + cases +
              "  </testsuite>\n";
    all.tests += tally.tests;
    all.failures += tally.failures;
    all.skipped += tally.skipped;
  }
  return std::string(kHead) + "<testsuites" + attribute("name", "mcpauth rbac lint") +
         all.attributes() + ">\n" + suites + "</testsuites>\n";
}

std::string write_checkstyle(const Document& document) {
  std::string out = std::string(kHead) + "<checkstyle version=\"4.3\">\n";
  for (const auto& [file, findings] : by_file(document)) {
    std::string errors;
    for (const auto* finding : findings) {
      if (!stands(*finding)) continue;
      errors += "    <error" + attribute("line", finding->place.span.line) +
                attribute("column", finding->place.span.column) +
                attribute("severity", name(finding->severity)) +
                attribute("message", sentence(*finding)) +
                attribute("source", "mcpauth." + std::string(finding->rule->name)) + "/>\n";
    }
    if (!errors.empty())
      out += "  <file" + attribute("name", relative_path(file)) + ">\n" + errors + "  </file>\n";
  }
  return out + "</checkstyle>\n";
}

}  // namespace mcpauth::policy::lint
