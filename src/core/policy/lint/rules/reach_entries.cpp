#include <algorithm>

#include "core/codec/list.hpp"
#include "core/policy/lint/rules/reach.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::Redundant;

class Reporter {
 public:
  Reporter(const Sums& sums, Editor& editor, Findings& findings)
      : sums_(sums), editor_(editor), findings_(findings) {}

  void overridden(const Redundant& idle) {
    auto& finding = add("overridden-grant", idle, List::scopes,
                        entry(idle) + " is denied to everybody who holds the role");
    finding.label = "gives nobody anything";
    if (idle.by.text != nullptr) {
      finding.related.push_back(
          {idle.by.text->place, idle.is_by_alone ? "denied here" : "one of the denies"});
    }
    finding.hint = "take it out, or narrow the deny if people are meant to have it";
  }

  void shadowed(const Redundant& idle) {
    auto& finding = add(
        "shadowed-grant", idle, List::scopes,
        entry(idle) + " adds nothing: " +
            (idle.is_by_alone ? by(idle) + " allows the same"
                              : "others allow or deny the same to everybody who holds the role"));
    if (idle.by.text != nullptr) finding.related.push_back({idle.by.text->place, "allowed here"});
    finding.hint = "take it out: what people may do stays as it is";
  }

  void vacuous(const Redundant& idle) {
    auto& finding = add("vacuous-rule", idle, List::deny,
                        "denying " + entry(idle) +
                            " changes nothing: nobody who holds the role is allowed any of it");
    finding.label = "denies what nobody has";
    finding.hint = "take it out, or check the spelling if it was to forbid something";
  }

  void shadowed_deny(const Redundant& idle) {
    auto& finding = add("shadowed-deny", idle, List::deny,
                        "denying " + entry(idle) + " changes nothing: " +
                            (idle.is_by_alone ? by(idle) + " denies the same"
                                              : "whoever is allowed it is denied it by others"));
    if (idle.by.text != nullptr) finding.related.push_back({idle.by.text->place, "denied here"});
    finding.hint = "take it out: what people may do stays as it is";
  }

  /// All that one deny meets, in one finding.
  void conflict(std::span<const analysis::Conflict> meetings) {
    const auto& first = meetings.front();
    const auto& denying = role(first.deny);
    const auto& group =
        sums_.effective.groups[sums_.effective.classes[first.group_class].groups.front()];
    const auto others = meetings.size() - 1;
    auto& finding = findings_.add(
        "allow-deny-conflict", first.deny.text->place,
        "role `" + denying.name.value + "` denies what role `" + role(first.allow).name.value +
            "`" + (others == 0 ? "" : " and " + text::count_of(others, "other role")) +
            (others == 0 ? " allows, and `" : " allow, and `") + group.name +
            "` holds both: the deny wins");
    finding.label = "wins";
    constexpr std::size_t kShown = 3;
    for (const auto& meeting : meetings.first(std::min(kShown, meetings.size()))) {
      finding.related.push_back({meeting.allow.text->place,
                                 "role `" + role(meeting.allow).name.value + "` allows it here"});
    }
    finding.why = group.text() + ": " + denying.name.value + " denies " + first.deny.text->value +
                  ", " + role(first.allow).name.value + " allows " + first.allow.text->value;
    finding.hint = "give `" + denying.name.value +
                   "` only to those who are to be denied it, or let it " +
                   "inherit the other role so that both stand together";
    finding.path = entry_path(denying, "deny", first.deny.text->value);
  }

 private:
  enum class List { scopes, deny };

  const policy::Role& role(const analysis::Entry& entry) const {
    return sums_.policy.roles[entry.role];
  }
  std::string entry(const Redundant& idle) const {
    return "`" + idle.entry.text->value + "` of role `" + role(idle.entry).name.value + "`";
  }
  std::string by(const Redundant& idle) const {
    const bool own = idle.by.role == idle.entry.role;
    return "`" + idle.by.text->value + "`" +
           (own ? " of the same role" : " of role `" + role(idle.by).name.value + "`");
  }

  Finding& add(std::string_view rule, const Redundant& idle, List list, std::string message) {
    // Without a catalogue a scope may be anything that the patterns leave room for.
    if (!sums_.policy.has_scope_catalogue) message += " (by the patterns: there is no [scopes])";
    const auto& of = role(idle.entry);
    const auto& text = *idle.entry.text;
    auto& finding = findings_.add(rule, text.place, std::move(message));
    finding.path = entry_path(of, list == List::deny ? "deny" : "scopes", text.value);
    finding.fix = editor_.without(list == List::deny ? of.deny : of.scopes, text,
                                  "take `" + text.value + "` out");
    return finding;
  }

  const Sums& sums_;
  Editor& editor_;
  Findings& findings_;
};

analysis::Removed texts_of(const analysis::RedundantEntries& idle) {
  analysis::Removed out;
  for (const auto* list : {&idle.overridden, &idle.vacuous, &idle.shadowed_denies}) {
    for (const auto& each : *list)
      out.insert(each.entry.text);
  }
  return out;
}

void check_conflicts(const Sums& sums, analysis::Removed gone,
                     const analysis::RedundantEntries& idle, Reporter& reporter,
                     Findings& findings) {
  // What has no effect anyhow is reported as that.
  gone.merge(texts_of(idle));
  const auto found = analysis::conflicts(sums.policy, sums.effective, sums.graph, sums.table, gone);
  if (!found.is_judged) findings.not_judged("allow-deny-conflict", std::string(kTooLarge));
  const std::span<const analysis::Conflict> all(found.list);
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].deny.text == all[begin].deny.text)
      ++end;
    reporter.conflict(all.subspan(begin, end - begin));
  }
}

}  // namespace

void check_entries(const Sums& sums, const analysis::Removed& gone, Editor& editor,
                   Findings& findings) {
  analysis::RedundantEntries idle{.is_judged = false};
  if (sums.is_exact) {
    idle = analysis::redundant_entries(
        {sums.policy, sums.effective, sums.graph, sums.table, sums.combinations}, gone);
  }
  if (!idle.is_judged) {
    for (const std::string_view rule :
         {"shadowed-grant", "overridden-grant", "shadowed-deny", "vacuous-rule"})
      findings.not_judged(rule, std::string(kTooLarge));
  }
  Reporter reporter(sums, editor, findings);
  for (const auto& each : idle.overridden)
    reporter.overridden(each);
  for (const auto& each : idle.shadowed)
    reporter.shadowed(each);
  for (const auto& each : idle.vacuous)
    reporter.vacuous(each);
  for (const auto& each : idle.shadowed_denies)
    reporter.shadowed_deny(each);
  if (sums.is_exact) {
    check_conflicts(sums, gone, idle, reporter, findings);
  } else {
    findings.not_judged("allow-deny-conflict", std::string(kTooLarge));
  }
}

}  // namespace mcpauth::policy::lint
