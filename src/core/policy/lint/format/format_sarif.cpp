#include <map>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/baseline.hpp"
#include "core/policy/lint/format/machine.hpp"

// SARIF 2.1.0 (OASIS). Rule names are the ids, columns count code points.

namespace mcpauth::policy::lint {
namespace {

using json::Array;
using json::Object;

std::string_view level_of(Severity severity) {
  return severity == Severity::info ? "note" : name(severity);
}

/// A message for people. Viewers show `[a](b)` as a link, so a name with it could forge one.
Object message(std::string_view text) {
  auto safe = text::printable(text);
  for (auto at = safe.find("]("); at != std::string::npos; at = safe.find("](", at + 2))
    safe.insert(at + 1, " ");
  return {{"text", std::move(safe)}};
}

Object artifact(std::string_view file) {
  Object out{{"uri", uri_of(file)}};
  if (!relative_path(file).starts_with('/')) out.set("uriBaseId", "%SRCROOT%");
  return out;
}

Object region(const toml::Span& span) {
  Object out{{"startLine", span.line}, {"startColumn", span.column}};
  const bool has_end =
      span.end_line > span.line || (span.end_line == span.line && span.end_column >= span.column);
  if (has_end) {
    out.set("endLine", span.end_line);
    out.set("endColumn", span.end_column);
  }
  return out;
}

Object physical(const Place& place) {
  Object out{{"artifactLocation", artifact(place.file)}};
  if (place.span.line != 0) out.set("region", region(place.span));
  return out;
}

Object location(const Finding& finding) {
  Object out{{"physicalLocation", physical(finding.place)}};
  if (!finding.path.empty()) {
    out.set("logicalLocations",
            Array{Object{{"fullyQualifiedName", text::printable(finding.path)}}});
  }
  return out;
}

Array related(const Finding& finding) {
  Array out;
  for (const auto& label : finding.related) {
    Object one{{"id", static_cast<std::uint64_t>(out.size() + 1)},
               {"physicalLocation", physical(label.place)}};
    if (!label.text.empty()) one.set("message", message(label.text));
    out.emplace_back(std::move(one));
  }
  return out;
}

Array suppressions(const Finding& finding) {
  Array out;
  if (finding.suppressed) {
    Object one{{"kind", "inSource"},
               {"justification", text::printable(finding.suppressed->reason)}};
    if (finding.suppressed->place.span.line != 0)
      one.set("location", Object{{"physicalLocation", physical(finding.suppressed->place)}});
    out.emplace_back(std::move(one));
  }
  if (finding.is_in_baseline)
    out.emplace_back(Object{{"kind", "external"}, {"justification", "it is in the baseline"}});
  return out;
}

Object fix_of(const Fix& fix) {
  std::map<std::string_view, Array> by_file;
  for (const auto& edit : fix.edits) {
    const auto& [line, column, end_line, end_column] = edit.place.span;
    by_file[edit.place.file].emplace_back(
        Object{{"deletedRegion", Object{{"startLine", line},
                                        {"startColumn", column},
                                        {"endLine", end_line},
                                        {"endColumn", end_column}}},
               {"insertedContent", Object{{"text", edit.text}}}});
  }
  Array changes;
  for (auto& [file, replacements] : by_file) {
    changes.emplace_back(
        Object{{"artifactLocation", artifact(file)}, {"replacements", std::move(replacements)}});
  }
  return {{"description", message(fix.title)}, {"artifactChanges", std::move(changes)}};
}

Object result_of(const Finding& finding, std::size_t rule) {
  Object out{
      {"ruleId", finding.rule->name},
      {"ruleIndex", static_cast<std::uint64_t>(rule)},
      {"level", level_of(finding.severity)},
      {"message", message(plain_sentence(finding))},
      {"locations", Array{location(finding)}},
      {"partialFingerprints", Object{{"mcpauthPath/v1", fnv1a_fingerprint(fingerprint(finding))}}}};
  if (!finding.related.empty()) out.set("relatedLocations", related(finding));
  if (!stands(finding)) out.set("suppressions", suppressions(finding));
  if (finding.fix && !finding.fix->edits.empty()) out.set("fixes", Array{fix_of(*finding.fix)});
  return out;
}

Object rule_of(const Rule& rule) {
  return {{"id", rule.name},
          {"shortDescription", message(rule.summary)},
          {"fullDescription", message(rule.rationale)},
          {"help", Object{{"text", text::format("mcpauth rbac lint --explain {}", rule.name)}}},
          {"defaultConfiguration", Object{{"level", level_of(rule.severity)}}},
          {"properties", Object{{"code", rule.code}, {"tags", Array{"security"}}}}};
}

Array notifications(const Document& document) {
  Array out;
  for (const auto& note : document.notes) {
    Object one{{"level", "note"}, {"message", message(note.text)}};
    if (!note.rule.empty()) one.set("associatedRule", Object{{"id", note.rule}});
    out.emplace_back(std::move(one));
  }
  return out;
}

Object run_of(const Document& document) {
  std::map<std::string_view, std::size_t> positions;
  Array rules;
  Array results;
  for (const auto& finding : document.findings) {
    const auto [position, is_new] = positions.try_emplace(finding.rule->name, rules.size());
    if (is_new) rules.emplace_back(rule_of(*finding.rule));
    results.emplace_back(result_of(finding, position->second));
  }
  Object driver{{"name", "mcpauth"}};
  if (!document.version.empty()) driver.set("version", document.version);
  driver.set("rules", std::move(rules));
  Object invocation{{"executionSuccessful", true}};
  if (!document.notes.empty())
    invocation.set("toolExecutionNotifications", notifications(document));
  return {{"tool", Object{{"driver", std::move(driver)}}},
          {"invocations", Array{std::move(invocation)}},
          {"columnKind", "unicodeCodePoints"},
          {"results", std::move(results)}};
}

}  // namespace

std::string write_sarif(const Document& document) {
  return json::write_pretty(Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                   {"version", "2.1.0"},
                                   {"runs", Array{run_of(document)}}}) +
         "\n";
}

}  // namespace mcpauth::policy::lint
