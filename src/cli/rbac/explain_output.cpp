#include "cli/rbac/explain_output.hpp"

#include <algorithm>
#include <ostream>

#include "cli/frame/output.hpp"
#include "cli/rbac/diff_output.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/policy/analysis/answer.hpp"

namespace mcpauth::cli {
namespace {

using policy::Standing;
using policy::analysis::Explanation;
using policy::analysis::Question;
using policy::analysis::Remedies;
using policy::analysis::Remedy;
using policy::analysis::Route;
using policy::analysis::ScopeTrace;
using policy::analysis::UnappliedGrant;
using text::Style;
using text::styled;

constexpr std::size_t kMostNamed = 5;
constexpr std::size_t kMostLines = 8;

std::string shown(std::string_view name) {
  return text::quoted(text::printable(name));
}

std::string at(const Env& env, const policy::Place& place) {
  return styled(text::printable(policy::analysis::text_of(place)), Style::dim, env.color_out);
}

std::string_view word(Standing standing) {
  switch (standing) {
    case Standing::allowed:
      return "held";
    case Standing::denied:
      return "denied";
    case Standing::absent:
      break;
  }
  return "not held";
}

std::string why_text(const UnappliedGrant& unapplied) {
  switch (unapplied.why) {
    case UnappliedGrant::Why::other_org:
      return text::format("it is for org {}", shown(unapplied.grant->org->value));
    case UnappliedGrant::Why::expired:
      return text::format("it expired at {}", time::format_instant(*unapplied.grant->until));
    case UnappliedGrant::Why::idp:
      break;
  }
  return "the org does not list the IdP";
}

void print_heading(const Question& question, const Explanation& explanation, Env& env) {
  const auto& decision = explanation.decision;
  env.out << (decision.allowed ? styled("allowed", Style::green, env.color_out)
                               : styled("denied", Style::bold_red, env.color_out))
          << ": " << shown(question.principal.subject) << " in org "
          << shown(question.principal.org) << (decision.allowed ? " may " : " may not ")
          << (question.is_tool ? "call " : "have ") << shown(question.asked) << " ("
          << decision.reason << ")\n";
  env.out << "  " << mcpauth::meaning(decision.reason) << '\n';
  if (const auto* place = policy::analysis::deciding_place(decision)) {
    env.out << "  decided by " << at(env, *place) << '\n';
  }
}

void print_route(const Route& route, bool is_last, Env& env) {
  std::string way = text::printable(route.group);
  for (const auto* role : route.roles)
    way += " → " + text::printable(role->name.value);
  way += " → " + text::printable(route.pattern->value);
  env.out << (is_last ? "    └─ " : "    ├─ ")
          << (route.is_deny ? styled("deny  ", Style::bold_red, env.color_out)
                            : styled("allow ", Style::green, env.color_out))
          << (route.decides ? styled(way, Style::bold, env.color_out) : way) << "  "
          << at(env, route.pattern->place) << ", grant " << at(env, route.grant->place)
          << (route.decides ? "  ← decides" : "") << '\n';
}

void print_scope(const ScopeTrace& trace, Env& env) {
  const auto style = trace.standing == Standing::allowed ? Style::green : Style::bold_red;
  env.out << "  " << text::printable(trace.scope) << ": "
          << styled(word(trace.standing), style, env.color_out) << '\n';
  const auto listed = std::min(trace.routes.size(), kMostLines);
  const auto more = trace.routes.size() - listed + trace.more;
  for (std::size_t i = 0; i < listed; ++i)
    print_route(trace.routes[i], i + 1 == listed && more == 0, env);
  if (more > 0) env.out << "    └─ and " << more << " more ways\n";
}

void print_needs(const Question& question, const Explanation& explanation, Env& env) {
  const auto* tool = explanation.decision.tool;
  if (tool == nullptr && explanation.scopes.empty() && !explanation.applied.empty()) return;
  env.out << '\n';
  if (tool != nullptr) {
    env.out << styled(text::printable(question.asked), Style::bold, env.color_out)
            << (tool->pattern.value == question.asked
                    ? std::string()
                    : text::format(", listed as {}", shown(tool->pattern.value)))
            << (explanation.scopes.empty() ? " is open to everybody who holds a role" : " needs")
            << "  " << at(env, tool->pattern.place) << '\n';
  }
  for (const auto& trace : explanation.scopes)
    print_scope(trace, env);
  if (explanation.applied.empty()) env.out << "  no grant applies\n";
}

void print_unapplied(const Explanation& explanation, Env& env) {
  if (explanation.decision.allowed || explanation.unapplied.empty()) return;
  env.out << "\ngrants that name a group of the principal but do not apply\n";
  const auto listed = std::min(explanation.unapplied.size(), kMostLines);
  for (std::size_t i = 0; i < listed; ++i) {
    const auto& one = explanation.unapplied[i];
    env.out << "  " << text::printable(one.group) << " → " << text::printable(one.grant->role.value)
            << ": " << why_text(one) << "  " << at(env, one.grant->place) << '\n';
  }
  if (listed < explanation.unapplied.size())
    env.out << "  and " << explanation.unapplied.size() - listed << " more\n";
}

void print_toml(std::string_view toml, Env& env) {
  for (const auto line : text::split(toml, '\n'))
    env.out << "       " << text::printable(line) << '\n';
}

void print_effect(const Remedy& remedy, Env& env) {
  for (const bool is_gain : {true, false}) {
    std::size_t count = 0;
    for (const auto& change : remedy.effect.changes) {
      if (change.is_gain != is_gain || count++ >= kMostNamed) continue;
      env.out << "     " << (is_gain ? "lets in " : "shuts out ") << who_of(change, kMostNamed)
              << (change.is_combined ? " (together)" : "") << ": "
              << what_of(remedy.effect, change, kMostNamed) << '\n';
    }
    if (count > kMostNamed)
      env.out << "     and " << count - kMostNamed << " more changes like it\n";
  }
  for (const auto& why : remedy.effect.unsure)
    env.out << "     not exact: " << text::printable(why) << '\n';
}

void print_remedies(const Explanation& explanation, const Remedies& remedies, Env& env) {
  if (explanation.decision.allowed) return;
  if (remedies.list.empty()) {
    env.out << "\nneither one edit nor two would allow it\n";
  } else {
    env.out << "\nedits that would allow it, fewest edits and fewest others let in first\n";
  }
  for (std::size_t i = 0; i < remedies.list.size(); ++i) {
    const auto& remedy = remedies.list[i];
    for (std::size_t j = 0; j < remedy.edits.size(); ++j) {
      const auto& edit = remedy.edits[j];
      env.out << (j == 0 ? text::format("  {}. ", i + 1) : "     and ")
              << text::printable(edit.text);
      if (!edit.place.file.empty()) env.out << "  " << at(env, edit.place);
      env.out << '\n';
      if (!edit.toml.empty()) print_toml(edit.toml, env);
    }
    print_effect(remedy, env);
  }
  if (!remedies.is_complete) env.out << "not every edit could be tried: there may be others\n";
}

json::Value place_json(const policy::Place& place) {
  return json::Object{
      {"file", place.file}, {"line", place.span.line}, {"column", place.span.column}};
}

json::Object text_json(const policy::Text& text) {
  return {{"text", text.value}, {"at", place_json(text.place)}};
}

json::Value route_json(const Route& route) {
  json::Array roles;
  for (const auto* role : route.roles)
    roles.emplace_back(role->name.value);
  return json::Object{{"effect", route.is_deny ? "deny" : "allow"},
                      {"decides", route.decides},
                      {"group", route.group},
                      {"grant", place_json(route.grant->place)},
                      {"roles", std::move(roles)},
                      {"pattern", text_json(*route.pattern)}};
}

json::Array scopes_json(const Explanation& explanation) {
  json::Array out;
  for (const auto& trace : explanation.scopes) {
    json::Array routes;
    for (const auto& route : trace.routes)
      routes.push_back(route_json(route));
    out.emplace_back(json::Object{{"scope", trace.scope},
                                  {"standing", word(trace.standing)},
                                  {"ways", std::move(routes)},
                                  {"more_ways", static_cast<std::uint64_t>(trace.more)}});
  }
  return out;
}

json::Array unapplied_json(const Explanation& explanation) {
  json::Array out;
  for (const auto& one : explanation.unapplied) {
    out.emplace_back(json::Object{{"group", one.group},
                                  {"role", one.grant->role.value},
                                  {"grant", place_json(one.grant->place)},
                                  {"why", why_text(one)}});
  }
  return out;
}

json::Array remedies_json(const Remedies& remedies) {
  json::Array out;
  for (const auto& remedy : remedies.list) {
    json::Array edits;
    for (const auto& edit : remedy.edits) {
      json::Object one{{"edit", edit.text}};
      if (!edit.place.file.empty()) one.set("at", place_json(edit.place));
      if (!edit.toml.empty()) one.set("toml", edit.toml);
      edits.emplace_back(std::move(one));
    }
    out.emplace_back(json::Object{{"edits", std::move(edits)},
                                  {"lets_in", static_cast<std::uint64_t>(remedy.lets_in)},
                                  {"exact", remedy.effect.unsure.empty()},
                                  {"changes", changes_json(remedy.effect)}});
  }
  return out;
}

}  // namespace

void print_suggestions(const Suggestions& suggestions, Env& env) {
  for (const auto& name : suggestions)
    env.out << name.text() << '\n';
}

json::Array suggestions_json(const Suggestions& suggestions) {
  json::Array out;
  for (const auto& name : suggestions)
    out.emplace_back(json::Object{{name.what, name.asked}, {"meant", name.meant}});
  return out;
}

void print_explanation(const Question& question, const Explanation& explanation,
                       const Remedies& remedies, const Suggestions& suggestions, Env& env) {
  print_heading(question, explanation, env);
  print_suggestions(suggestions, env);
  print_needs(question, explanation, env);
  print_unapplied(explanation, env);
  print_remedies(explanation, remedies, env);
}

void print_explanation_json(const Question& question, const Explanation& explanation,
                            const Remedies& remedies, const Suggestions& suggestions, Env& env) {
  const auto& decision = explanation.decision;
  json::Array groups;
  for (const auto& group : question.principal.groups)
    groups.emplace_back(group);
  json::Object out{{"schema", "mcpauth.rbac.explain/1"},
                   {"decision", decision.allowed ? "allow" : "deny"},
                   {"reason", decision.reason},
                   {"principal", json::Object{{"subject", question.principal.subject},
                                              {"org", question.principal.org},
                                              {"groups", std::move(groups)}}},
                   {question.is_tool ? "tool" : "scope", question.asked}};
  if (const auto* place = policy::analysis::deciding_place(decision))
    out.set("rule", place_json(*place));
  if (decision.tool != nullptr) out.set("entry", text_json(decision.tool->pattern));
  if (decision.ttl) out.set("ttl", static_cast<std::int64_t>(decision.ttl->count()));
  out.set("scopes", scopes_json(explanation));
  out.set("grants_that_do_not_apply", unapplied_json(explanation));
  if (!suggestions.empty()) out.set("did_you_mean", suggestions_json(suggestions));
  if (!decision.allowed) {
    out.set("remedies", remedies_json(remedies));
    out.set("all_edits_tried", remedies.is_complete);
  }
  print_json(env, out);
}

}  // namespace mcpauth::cli
