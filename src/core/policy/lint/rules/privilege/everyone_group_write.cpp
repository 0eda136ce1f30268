#include <algorithm>
#include <array>
#include <map>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"
#include "core/policy/lint/rules/reading_scopes.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::CellId;
using analysis::RoleId;

constexpr Rule kEveryoneGroupWrite{
    .name = "everyone-group-write",
    .code = "RB208",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A group of everybody may do more than read",
    .rationale =
        "Groups such as Everyone, Domain Users or All Employees contain everybody who joins, "
        "including guests and machines. A scope counts as read-only if one of its segments "
        "says so (read, list, get, ...), or if every tool that needs it is marked as read-only "
        "(`--tools`).\n\n"
        "Grant the role to a group of those who need it.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["hr:read", "hr:write"]
[[grant]]
role   = "reader"
groups = ["okta:Everyone"]
#         ^
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["hr:read"]
[[grant]]
role   = "reader"
groups = ["okta:Everyone"]
)"};

constexpr const Rule* kRules[] = {&kEveryoneGroupWrite};

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
  Everyone(const Subject& subject, const PolicyFacts& facts, Findings& findings)
      : now_(subject.inputs.now), facts_(facts), findings_(findings), reads_(facts.table.size()) {
    const ReadingScopes reading(subject);
    for (CellId cell = 0; cell < facts.table.size(); ++cell)
      reads_[cell] = reading.contains(facts.scope(cell));
    for (std::size_t i = 0; i < facts.effective.groups.size(); ++i) {
      const auto& member = facts.effective.groups[i];
      if (facts.effective.class_of[i] != analysis::Effective::kNothing && is_everyone(member.name))
        members_[member.name].push_back(i);
    }
  }

  void run() {
    for (const auto& grant : facts_.policy.grants) {
      if (is_expired(grant, now_)) continue;
      for (const auto& group : grant.groups) {
        if (members_.contains(group.value)) check(grant, group);
      }
    }
  }

 private:
  void check(const policy::Grant& grant, const policy::Text& group) {
    const auto role = facts_.graph.find(grant.role.value);
    for (const auto member : members_[group.value]) {
      const auto& org = facts_.effective.groups[member].org;
      if (!role || (grant.org && grant.org->value != org)) continue;
      const auto cell = changing(*role, facts_.effective.class_of[member]);
      if (!cell) continue;
      report(grant, group, *role, *cell);
      return;
    }
  }

  /// A scope that the role gives these people and that is not only for reading.
  std::optional<CellId> changing(RoleId role, std::size_t kind) {
    const auto [known, is_new] = known_.try_emplace({role, kind});
    if (!is_new) return known->second;
    analysis::each_bit(facts_.roles->allows.row(role), [&](std::size_t bit) {
      const auto cell = static_cast<CellId>(bit);
      if (!reads_[cell] && facts_.standing(kind, cell) == policy::Standing::allowed)
        known->second = cell;
      return !known->second;
    });
    return known->second;
  }

  void report(const policy::Grant& grant, const policy::Text& group, RoleId role, CellId cell) {
    const auto source = allowing(facts_, role, cell);
    const auto what =
        source.entry != nullptr ? source.entry->value : std::string(facts_.scope(cell));
    auto& finding = findings_.add(
        kEveryoneGroupWrite, group.place,
        text::format("`{}` is everybody, and role `{}` lets them do more than read: `{}`",
                     group.value, grant.role.value, what));
    finding.label = "everybody";
    if (source.entry != nullptr) finding.related.push_back({source.entry->place, "allowed here"});
    finding.why = chain(facts_.graph, facts_.policy, group.value, role, source.role, what);
    finding.hint = "grant it to the group of those who need it";
    finding.path = text::format("{}.groups[\"{}\"]", grant_name(grant), group.value);
  }

  Instant now_;
  const PolicyFacts& facts_;
  Findings& findings_;
  std::vector<bool> reads_;                                       // by cell: it is only for reading
  std::map<std::string_view, std::vector<std::size_t>> members_;  // of everybody's groups
  std::map<std::pair<RoleId, std::size_t>, std::optional<CellId>> known_;
};

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  if (!facts.is_exact || !facts.roles) {
    findings.not_judged(kEveryoneGroupWrite, kTooLarge);
    return;
  }
  Everyone(context.subject(), facts, findings).run();
}

}  // namespace

RuleGroup everyone_group_write() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
