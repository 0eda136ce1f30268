#include "core/codec/json.hpp"
#include "core/policy/lint/format/formats.hpp"

namespace mcpauth::policy::lint {
namespace {

void set_place(json::Object& out, const Place& place) {
  out.set("file", place.file);
  out.set("line", place.span.line);
  out.set("column", place.span.column);
  out.set("end_line", place.span.end_line);
  out.set("end_column", place.span.end_column);
}

json::Object related_json(const Label& label) {
  json::Object out;
  set_place(out, label.place);
  out.set("message", label.text);
  return out;
}

json::Object fix_json(const Finding& finding) {
  json::Array edits;
  for (const auto& edit : finding.fix->edits) {
    json::Object one;
    set_place(one, edit.place);
    one.set("text", edit.text);
    edits.emplace_back(std::move(one));
  }
  return {{"title", finding.fix->title},
          {"safe", finding.rule->fix == FixKind::safe},
          {"edits", std::move(edits)}};
}

json::Object finding_json(const Finding& finding) {
  json::Object out{{"rule", finding.rule->name},
                   {"code", finding.rule->code},
                   {"severity", name(finding.severity)}};
  set_place(out, finding.place);
  out.set("message", finding.message);
  if (!finding.label.empty()) out.set("label", finding.label);
  if (!finding.path.empty()) out.set("path", finding.path);
  if (!finding.why.empty()) out.set("why", finding.why);
  if (!finding.hint.empty()) out.set("hint", finding.hint);
  if (!finding.related.empty()) {
    json::Array related;
    for (const auto& label : finding.related)
      related.emplace_back(related_json(label));
    out.set("related", std::move(related));
  }
  if (finding.fix) out.set("fix", fix_json(finding));
  if (finding.suppressed) {
    out.set("suppressed", json::Object{{"reason", finding.suppressed->reason},
                                       {"line", finding.suppressed->place.span.line}});
  }
  if (finding.is_in_baseline) out.set("baselined", true);
  return out;
}

json::Object summary_json(const Counts& counts) {
  const auto number = [](std::size_t count) { return static_cast<std::uint64_t>(count); };
  return {{"error", number(counts.errors)},
          {"warning", number(counts.warnings)},
          {"info", number(counts.infos)},
          {"fixable", number(counts.fixable)},
          {"suppressed", number(counts.suppressed)},
          {"baselined", number(counts.baselined)},
          {"baseline_gone", number(counts.removed)},
          {"hidden_by_persona", number(counts.hidden)},
          {"files", number(counts.files)}};
}

}  // namespace

std::string write_json(const Document& document) {
  json::Array findings;
  for (const auto& finding : document.findings)
    findings.emplace_back(finding_json(finding));
  json::Object out{{"schema", "mcpauth.rbac.lint/1"},
                   {"findings", std::move(findings)},
                   {"summary", summary_json(document.counts)}};
  if (!document.notes.empty()) {
    json::Array notes;
    for (const auto& note : document.notes) {
      json::Object one;
      if (!note.rule.empty()) one.set("rule", note.rule);
      one.set("message", note.text);
      notes.emplace_back(std::move(one));
    }
    out.set("not_judged", std::move(notes));
  }
  return json::write(out) + "\n";
}

}  // namespace mcpauth::policy::lint
