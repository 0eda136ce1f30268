#include <algorithm>
#include <unordered_map>

#include "core/policy/lint/rules/privilege.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::CellId;
using analysis::RoleId;
using policy::Risk;

std::string_view name_of(Risk risk) {
  return risk == Risk::high ? "high" : risk == Risk::medium ? "medium" : "low";
}

/// What a role lists and reaches, by risk. A role is told by what it lists itself; one that lists
/// nothing is only a bundle and is told by what is in it.
class Risks {
 public:
  explicit Risks(const Sums& sums)
      : sums_(sums), worst_(sums.table.size(), 0), scope_(sums.table.size()) {
    std::unordered_map<std::string_view, Risk> risks;
    for (const auto& scope : sums.policy.scopes)
      risks.try_emplace(scope.name.value, scope.risk);
    for (std::size_t i = 0; i < sums.effective.scopes.size(); ++i) {
      const std::string_view scope = sums.effective.scopes[i];
      const auto cell = sums.table.cell_of()[i];
      const auto known = risks.find(scope);
      if (cell == analysis::PatternTable::kNone || known == risks.end()) continue;
      if (rank(known->second) <= worst_[cell]) continue;
      worst_[cell] = rank(known->second);
      scope_[cell] = scope;
    }
  }

  /// From 1; 0 is nothing at all.
  static unsigned rank(Risk risk) { return static_cast<unsigned>(risk) + 1; }
  static Risk risk(unsigned rank) { return static_cast<Risk>(rank - 1); }

  /// The highest that the role lists and does not deny again.
  unsigned own(RoleId role) const {
    unsigned out = 0;
    for (const auto& entry : sums_.policy.roles[role].scopes) {
      for (const auto cell : sums_.table.cells(entry.value)) {
        if (!sums_.roles->denies.test(role, cell)) out = std::max(out, worst_[cell]);
      }
    }
    return out;
  }

  /// The first cell of the highest risk that the role has from this parent.
  std::optional<CellId> worst_from(RoleId role, RoleId parent) const {
    std::optional<CellId> out;
    const auto denies = sums_.roles->denies.row(role);
    analysis::each_bit(sums_.roles->allows.row(parent), [&](std::size_t bit) {
      const bool denied = ((denies[bit / 64] >> (bit % 64)) & 1U) != 0;
      const auto cell = static_cast<CellId>(bit);
      if (!denied && (!out || worst_[cell] > worst_[*out])) out = cell;
      return !out || worst_[*out] < rank(Risk::high);
    });
    return out;
  }

  unsigned of(CellId cell) const { return worst_[cell]; }

  /// A scope of this cell that has its risk.
  std::string_view scope(CellId cell) const { return scope_[cell]; }

 private:
  const Sums& sums_;
  std::vector<unsigned> worst_;          // by cell
  std::vector<std::string_view> scope_;  // by cell
};

/// A group that holds each role, for the chain; empty where none does.
std::vector<std::string_view> holders_of(const Sums& sums) {
  std::vector<std::string_view> out(sums.policy.roles.size());
  for (const auto& kind : sums.effective.classes) {
    for (const auto& held : kind.roles) {
      auto& holder = out[sums.graph.id_of(*held.role)];
      if (holder.empty()) holder = sums.effective.groups[kind.groups.front()].name;
    }
  }
  return out;
}

/// A role, and the entry of its `inherits` by which it has too much.
struct Step {
  RoleId role;
  const policy::Text* edge;
  RoleId parent;
  CellId worst;             ///< the riskiest that is reached by it
  std::string_view holder;  ///< one of those who hold the role
};

void report(const Sums& sums, const Risks& risks, const Step& step, unsigned own,
            Findings& findings) {
  const CellId cell = step.worst;
  const auto& role = sums.policy.roles[step.role];
  const auto& edge = *step.edge;
  const auto scope = std::string(risks.scope(cell));
  const auto source = allowing(sums, step.parent, cell);
  auto& finding = findings.add("escalation-by-inheritance", edge.place,
                               "role `" + role.name.value + "` reaches `" + scope + "` (risk " +
                                   std::string(name_of(Risks::risk(risks.of(cell)))) +
                                   ") through `" + edge.value + "`, and lists nothing above risk " +
                                   std::string(name_of(Risks::risk(own))));
  finding.label = "inherited here";
  finding.why = chain(sums.graph, sums.policy, step.holder, step.role, source.role, {});
  if (source.entry != nullptr) {
    finding.related.push_back({source.entry->place, "matches " + scope});
    if (source.entry->value != scope) finding.why += " → " + source.entry->value;
  }
  finding.why += " → " + scope;
  finding.hint = "give `" + role.name.value + "` the scopes it uses instead of the role";
  finding.path = "roles." + role.name.value + ".inherits[\"" + edge.value + "\"]";
}

}  // namespace

void check_escalation(const Sums& sums, Findings& findings) {
  if (!sums.policy.has_scope_catalogue) return;  // then nothing says what is risky
  if (!sums.is_exact || !sums.roles) {
    findings.not_judged("escalation-by-inheritance", std::string(kTooLarge));
    return;
  }
  const Risks risks(sums);
  const auto holders = holders_of(sums);
  // What is to be expected of a role: where it was reported already, what it lists itself, so that
  // the roles above it are not reported for the same.
  std::vector<unsigned> level(sums.policy.roles.size(), 0);
  for (const auto id : sums.graph.order()) {
    const auto own = risks.own(id);
    unsigned from_parents = 0;
    bool is_reported = false;
    for (const auto& edge : sums.policy.roles[id].inherits) {
      const auto parent = sums.graph.find(edge.value);
      if (!parent) continue;
      from_parents = std::max(from_parents, level[*parent]);
      if (own == 0 || level[*parent] <= own || is_reported) continue;
      const auto worst = risks.worst_from(id, *parent);
      if (!worst || risks.of(*worst) <= own) continue;
      is_reported = true;
      report(sums, risks, {id, &edge, *parent, *worst, holders[id]}, own, findings);
    }
    level[id] = is_reported ? own : std::max(own, from_parents);
  }
}

}  // namespace mcpauth::policy::lint
