#include <map>

#include "core/codec/format.hpp"
#include "core/codec/html.hpp"
#include "core/policy/lint/format/machine.hpp"

// JUnit and Checkstyle. Characters that XML 1.0 does not allow are made printable first.

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string attribute(std::string_view name, std::string_view value) {
  return text::format(" {}=\"{}\"", name, html::escaped(value));
}
std::string attribute(std::string_view name, std::size_t value) {
  return attribute(name, std::to_string(value));
}

/// The findings of each file, in the order of the names. Files without findings are in it too.
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
  return text::format("{}:{}:{}", relative_path(file), span.line, span.column);
}

std::string test_case(const Finding& finding) {
  const auto file = relative_path(finding.place.file);
  const auto title = text::format("{} {}", finding.rule->name,
                                  finding.path.empty() ? where(finding) : finding.path);
  auto out = text::format("    <testcase{}{}{}{}>\n", attribute("classname", file),
                          attribute("name", title), attribute("file", file),
                          attribute("line", finding.place.span.line));
  const auto body = text::format("{}: {}", where(finding), sentence(finding));
  if (!stands(finding)) {
    const auto reason = finding.suppressed ? finding.suppressed->reason : "in the baseline";
    out += text::format("      <skipped{}/>\n", attribute("message", reason));
  } else if (is_failure(finding)) {
    out +=
        text::format("      <failure{}{}>{}</failure>\n", attribute("type", name(finding.severity)),
                     attribute("message", finding.message), html::escaped(body));
  } else {
    out += text::format("      <system-out>{}</system-out>\n", html::escaped(body));
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
    if (findings.empty()) {  // a suite without a test looks as if nothing had been checked
      ++tally.tests;
      cases = text::format("    <testcase{}{}{}/>\n", attribute("classname", path),
                           attribute("name", "rbac lint"), attribute("file", path));
    }
    suites += text::format("  <testsuite{}{}>\n{}  </testsuite>\n", attribute("name", path),
                           tally.attributes(), cases);
    all.tests += tally.tests;
    all.failures += tally.failures;
    all.skipped += tally.skipped;
  }
  return text::format("{}<testsuites{}{}>\n{}</testsuites>\n", kHead,
                      attribute("name", "mcpauth rbac lint"), all.attributes(), suites);
}

std::string write_checkstyle(const Document& document) {
  auto out = text::format("{}<checkstyle version=\"4.3\">\n", kHead);
  for (const auto& [file, findings] : by_file(document)) {
    std::string errors;
    for (const auto* finding : findings) {
      if (!stands(*finding)) continue;
      errors += text::format(
          "    <error{}{}{}{}{}/>\n", attribute("line", finding->place.span.line),
          attribute("column", finding->place.span.column),
          attribute("severity", name(finding->severity)), attribute("message", sentence(*finding)),
          attribute("source", text::format("mcpauth.{}", finding->rule->name)));
    }
    if (errors.empty()) continue;
    out +=
        text::format("  <file{}>\n{}  </file>\n", attribute("name", relative_path(file)), errors);
  }
  return out + "</checkstyle>\n";
}

}  // namespace mcpauth::policy::lint
