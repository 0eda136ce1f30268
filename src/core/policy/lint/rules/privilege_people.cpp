#include <algorithm>
#include <array>
#include <map>

#include "core/codec/list.hpp"
#include "core/policy/analysis/separation.hpp"
#include "core/policy/lint/rules/privilege.hpp"
#include "core/policy/lint/rules/reach.hpp"
#include "core/policy/lint/rules/reading_scopes.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::CellId;
using analysis::RoleId;

std::string who(const Sums& sums, const analysis::Clash& clash) {
  const auto& first = sums.effective.groups[clash.groups.front()];
  const std::string where = first.is_any_other_org ? "" : " in org `" + first.org + "`";
  if (clash.groups.size() == 1) return "group `" + first.name + "`" + where;
  return "whoever is in both `" + first.name + "` and `" +
         sums.effective.groups[clash.groups.back()].name + "`" + where;
}

void report(const Subject& subject, const Sums& sums, const policy::Separation& separation,
            const analysis::Clash& clash, Findings& findings) {
  const auto& one = separation.never_both[clash.side];
  const auto& other = separation.never_both[clash.other_side];
  auto& finding = findings.add(
      "separation-of-duty", separation.name.place,
      who(sums, clash) + " holds both `" + one.value + "` and `" + other.value + "`" +
          (clash.others == 0 ? ""
                             : (clash.others == 1 ? ", and so does " : ", and so do ") +
                                   text::count_of(clash.others, "other group")));
  finding.label = "says that nobody should";
  std::vector<const analysis::OrgGroup*> members;
  for (const auto member : clash.groups)
    members.push_back(&sums.effective.groups[member]);
  const auto principal = analysis::principal_of(members);
  for (const auto cell : {clash.cell, clash.other_cell}) {
    const auto decision =
        subject.engine->scopes(principal, {std::string(sums.scope(cell))}, subject.inputs.now);
    if (decision.evidence.empty() || decision.evidence.front().pattern == nullptr) continue;
    const auto& evidence = decision.evidence.front();
    finding.related.push_back(
        {evidence.pattern->place, "allowed here by role `" + evidence.role->name.value + "`"});
    const auto granted = sums.graph.find(evidence.grant->role.value);
    const auto in = std::ranges::find_first_of(evidence.grant->groups, principal.groups, {},
                                               &policy::Text::value);
    if (!granted || in == evidence.grant->groups.end()) continue;
    finding.why += (finding.why.empty() ? "" : "; ") +
                   chain(sums.graph, sums.policy, in->value, *granted,
                         sums.graph.id_of(*evidence.role), evidence.pattern->value);
  }
  finding.hint =
      clash.groups.size() == 1
          ? "give the two to different groups"
          : "let the role of one side deny the other, so that nobody in both groups has both";
  finding.path = "separation." + separation.name.value;
}

/// Letters and digits only, in lower case, without what a directory puts in front.
std::string bare(std::string_view group) {
  group.remove_prefix(group.find(':') + 1);
  std::string out;
  for (const char c : group.substr(0, group.find(','))) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c + 32);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  if (group.starts_with("CN=") || group.starts_with("cn=")) out.erase(0, 2);
  return out;
}

bool is_everyone(std::string_view group) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"allauthenticatedusers", "allcompany", "allemployees", "allhands", "allmembers", "allpeople",
       "allstaff", "allusers", "allworkers", "anyone", "anybody", "authenticatedusers",
       "companywide", "domainusers", "employeesall", "everybody", "everyone", "staffall",
       "usersall"});
  const auto name = bare(group);
  if (std::ranges::find(kNames, name) != kNames.end()) return true;
  const auto sid = group.substr(group.find(':') + 1);  // the well-known identities of Windows
  return sid == "S-1-1-0" || sid == "S-1-5-11" ||
         (sid.starts_with("S-1-5-21-") && sid.ends_with("-513"));
}

class Everyone {
 public:
  Everyone(const Subject& subject, const Sums& sums, Findings& findings)
      : now_(subject.inputs.now), sums_(sums), findings_(findings), reads_(sums.table.size()) {
    const ReadingScopes reading(subject);
    for (CellId cell = 0; cell < sums.table.size(); ++cell)
      reads_[cell] = reading.contains(sums.scope(cell));
    for (std::size_t i = 0; i < sums.effective.groups.size(); ++i) {
      const auto& member = sums.effective.groups[i];
      if (sums.effective.class_of[i] != analysis::Effective::kNothing && is_everyone(member.name))
        members_[member.name].push_back(i);
    }
  }

  void run() {
    for (const auto& grant : sums_.policy.grants) {
      if (grant.until && *grant.until <= now_) continue;
      for (const auto& group : grant.groups) {
        if (members_.contains(group.value)) check(grant, group);
      }
    }
  }

 private:
  void check(const policy::Grant& grant, const policy::Text& group) {
    const auto role = sums_.graph.find(grant.role.value);
    for (const auto member : members_[group.value]) {
      const auto& org = sums_.effective.groups[member].org;
      if (!role || (grant.org && grant.org->value != org)) continue;
      const auto cell = changing(*role, sums_.effective.class_of[member]);
      if (!cell) continue;
      report(grant, group, *role, *cell);
      return;
    }
  }

  /// A scope that the role gives these people and that is not only for looking.
  std::optional<CellId> changing(RoleId role, std::size_t kind) {
    const auto [known, is_new] = known_.try_emplace({role, kind});
    if (!is_new) return known->second;
    analysis::each_bit(sums_.roles->allows.row(role), [&](std::size_t bit) {
      const auto cell = static_cast<CellId>(bit);
      if (!reads_[cell] && sums_.standing(kind, cell) == policy::Standing::allowed)
        known->second = cell;
      return !known->second;
    });
    return known->second;
  }

  void report(const policy::Grant& grant, const policy::Text& group, RoleId role, CellId cell) {
    const auto source = allowing(sums_, role, cell);
    const auto what =
        source.entry != nullptr ? source.entry->value : std::string(sums_.scope(cell));
    auto& finding =
        findings_.add("everyone-group-write", group.place,
                      "`" + group.value + "` is everybody, and role `" + grant.role.value +
                          "` lets them do more than look: `" + what + "`");
    finding.label = "everybody";
    if (source.entry != nullptr) finding.related.push_back({source.entry->place, "allowed here"});
    finding.why = chain(sums_.graph, sums_.policy, group.value, role, source.role, what);
    finding.hint = "grant it to the group of those who need it";
    finding.path = grant_name(grant) + ".groups[\"" + group.value + "\"]";
  }

  Instant now_;
  const Sums& sums_;
  Findings& findings_;
  std::vector<bool> reads_;                                       // by cell: it is only for looking
  std::map<std::string_view, std::vector<std::size_t>> members_;  // of everybody's groups
  std::map<std::pair<RoleId, std::size_t>, std::optional<CellId>> known_;
};

}  // namespace

void check_separations(const Subject& subject, const Sums& sums, Findings& findings) {
  std::size_t left = 300'000'000;
  for (const auto& separation : sums.policy.separations) {
    analysis::ClashSearch search{.is_judged = false};
    if (sums.is_exact && left > 0)
      search =
          analysis::find_clash(separation, sums.effective, sums.table, sums.combinations, left);
    left = search.left;
    if (search.found) {
      report(subject, sums, separation, *search.found, findings);
    } else if (!search.is_judged) {
      findings.not_judged("separation-of-duty", std::string(kTooLarge));
      return;
    }
  }
}

void check_everyone(const Subject& subject, const Sums& sums, Findings& findings) {
  if (!sums.is_exact || !sums.roles) {
    findings.not_judged("everyone-group-write", std::string(kTooLarge));
    return;
  }
  Everyone(subject, sums, findings).run();
}

}  // namespace mcpauth::policy::lint
