#include <algorithm>
#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::CellId;
using analysis::RoleId;
using policy::Risk;

constexpr Rule kEscalationByInheritance{
    .name = "escalation-by-inheritance",
    .code = "RB205",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A role of low risk inherits a higher risk",
    .rationale =
        "People judge a role by the highest risk among the scopes that it lists. If it "
        "inherits a scope of higher risk, it gives more than it appears to. A role that lists "
        "no scopes is a bundle, and is judged by what it inherits. In a chain of roles that "
        "inherit from each other, only the role where the higher risk comes in is reported.\n\n"
        "Give the role the scopes that it uses instead of the other role, or list a scope that "
        "makes its high risk visible.",
    .bad = R"(version = 1
[scopes]
"tickets:read"    = { risk = "low" }
"payments:refund" = { risk = "high" }
[roles.ops]
scopes = ["payments:*"]
[roles.support]
inherits = ["ops"]
#           ^
scopes   = ["tickets:read"]
[[grant]]
role   = "support"
groups = ["okta:Helpdesk"]
)",
    .good = R"(version = 1
[scopes]
"tickets:read"    = { risk = "low" }
"payments:refund" = { risk = "high" }
[roles.ops]
scopes = ["payments:*"]
[roles.support]
scopes   = ["tickets:read"]
[[grant]]
role   = "support"
groups = ["okta:Helpdesk"]
[[grant]]
role   = "ops"
groups = ["okta:Operations"]
)"};

constexpr const Rule* kRules[] = {&kEscalationByInheritance};

std::string_view name_of(Risk risk) {
  return risk == Risk::high ? "high" : risk == Risk::medium ? "medium" : "low";
}

/// The risk of what a role lists and of what it reaches. People judge a role by what it lists. A
/// role that lists nothing is a bundle, and people judge it by what it inherits.
class Risks {
 public:
  explicit Risks(const PolicyFacts& facts)
      : facts_(facts), worst_(facts.table.size(), 0), scope_(facts.table.size()) {
    std::unordered_map<std::string_view, Risk> risks;
    for (const auto& scope : facts.policy.scopes)
      risks.try_emplace(scope.name.value, scope.risk);
    for (std::size_t i = 0; i < facts.effective.scopes.size(); ++i) {
      const std::string_view scope = facts.effective.scopes[i];
      const auto cell = facts.table.cell_of()[i];
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
    for (const auto& entry : facts_.policy.roles[role].scopes) {
      for (const auto cell : facts_.table.cells(entry.value)) {
        if (!facts_.roles->denies.test(role, cell)) out = std::max(out, worst_[cell]);
      }
    }
    return out;
  }

  /// The first cell of the highest risk that the role has from this parent.
  std::optional<CellId> worst_from(RoleId role, RoleId parent) const {
    std::optional<CellId> out;
    const auto denies = facts_.roles->denies.row(role);
    analysis::each_bit(facts_.roles->allows.row(parent), [&](std::size_t bit) {
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
  const PolicyFacts& facts_;
  std::vector<unsigned> worst_;          // by cell
  std::vector<std::string_view> scope_;  // by cell
};

/// A group that holds each role, for the chain; empty where none does.
std::vector<std::string_view> holders_of(const PolicyFacts& facts) {
  std::vector<std::string_view> out(facts.policy.roles.size());
  for (const auto& kind : facts.effective.classes) {
    for (const auto& held : kind.roles) {
      auto& holder = out[facts.graph.id_of(*held.role)];
      if (holder.empty()) holder = facts.effective.groups[kind.groups.front()].name;
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
  std::string_view holder;  ///< a group that holds the role, or empty
};

void report(const PolicyFacts& facts, const Risks& risks, const Step& step, unsigned own,
            Findings& findings) {
  const CellId cell = step.worst;
  const auto& role = facts.policy.roles[step.role];
  const auto& edge = *step.edge;
  const auto scope = std::string(risks.scope(cell));
  const auto source = allowing(facts, step.parent, cell);
  auto& finding = findings.add(
      kEscalationByInheritance, edge.place,
      text::format("role `{}` reaches `{}` (risk {}) through `{}`, and lists nothing above risk {}",
                   role.name.value, scope, name_of(Risks::risk(risks.of(cell))), edge.value,
                   name_of(Risks::risk(own))));
  finding.label = "inherited here";
  finding.why = chain(facts.graph, facts.policy, step.holder, step.role, source.role, {});
  if (source.entry != nullptr) {
    finding.related.push_back({source.entry->place, "matches " + scope});
    if (source.entry->value != scope) finding.why += " → " + source.entry->value;
  }
  finding.why += " → " + scope;
  finding.hint = text::format("give `{}` the scopes it uses instead of the role", role.name.value);
  finding.path = text::format("roles.{}.inherits[\"{}\"]", role.name.value, edge.value);
}

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  if (!facts.policy.has_scope_catalogue) return;  // then nothing says what is risky
  if (!facts.is_exact || !facts.roles) {
    findings.not_judged(kEscalationByInheritance, kTooLarge);
    return;
  }
  const Risks risks(facts);
  const auto holders = holders_of(facts);
  // The risk that a reader expects of a role. For a role that was reported it is the risk of its
  // own scopes, so that the roles above it are not reported for the same reason.
  std::vector<unsigned> level(facts.policy.roles.size(), 0);
  for (const auto id : facts.graph.order()) {
    const auto own = risks.own(id);
    unsigned from_parents = 0;
    bool is_reported = false;
    for (const auto& edge : facts.policy.roles[id].inherits) {
      const auto parent = facts.graph.find(edge.value);
      if (!parent) continue;
      from_parents = std::max(from_parents, level[*parent]);
      if (own == 0 || level[*parent] <= own || is_reported) continue;
      const auto worst = risks.worst_from(id, *parent);
      if (!worst || risks.of(*worst) <= own) continue;
      is_reported = true;
      report(facts, risks, {id, &edge, *parent, *worst, holders[id]}, own, findings);
    }
    level[id] = is_reported ? own : std::max(own, from_parents);
  }
}

}  // namespace

RuleGroup escalation_by_inheritance() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
