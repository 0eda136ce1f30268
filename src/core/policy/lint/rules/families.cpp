#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {

// Each is defined in the folder of its family, in the file of its name. The codes are those of its
// rules.

// shape/
RuleGroup faults();                 // every fault of the reading
RuleGroup toml_syntax();            // RB001
RuleGroup unknown_key();            // RB002
RuleGroup wrong_type();             // RB003
RuleGroup policy_version();         // RB004
RuleGroup duplicate_key_by_case();  // RB005
RuleGroup duplicate_definition();   // RB006
RuleGroup bad_include();            // RB007
RuleGroup policy_too_large();       // RB008
RuleGroup malformed_value();        // RB009
RuleGroup missing_key();            // RB010
// references/
RuleGroup undefined_role();        // RB101
RuleGroup undefined_scope();       // RB102
RuleGroup undefined_tool();        // RB103
RuleGroup undefined_org();         // RB104
RuleGroup unknown_group();         // RB105
RuleGroup inheritance_cycle();     // RB107
RuleGroup inheritance_too_deep();  // RB108
// privilege/
RuleGroup global_wildcard();            // RB201
RuleGroup globs();                      // RB202, RB203, RB204
RuleGroup escalation_by_inheritance();  // RB205
RuleGroup policy_admin_grant();         // RB206
RuleGroup separation_of_duty();         // RB207
RuleGroup everyone_group_write();       // RB208
RuleGroup admin_lockout();              // RB211
// reach/
RuleGroup unreachable_role();           // RB301
RuleGroup entries_without_effect();     // RB302, RB303, RB304, RB307
RuleGroup redundant_roles();            // RB305
RuleGroup duplicate_entry();            // RB306
RuleGroup redundant_inherited_scope();  // RB308
RuleGroup allow_deny_conflict();        // RB309
// orgs/
RuleGroup cross_org_grant();     // RB401
RuleGroup grants_in_all_orgs();  // RB402, RB403
RuleGroup org_without_owner();   // RB404
// time/
RuleGroup ttl_over_cap();           // RB501
RuleGroup ttl_missing_high_risk();  // RB502
RuleGroup grant_expiry();           // RB503, RB504
RuleGroup permanent_break_glass();  // RB505
// names/
RuleGroup confusable_name();      // RB601
RuleGroup bidi_or_invisible();    // RB602
RuleGroup near_duplicate_name();  // RB603
RuleGroup unnormalised_name();    // RB604
RuleGroup opaque_group_id();      // RB606
// hygiene/
RuleGroup undocumented_grant();   // RB801
RuleGroup unsorted();             // RB804
RuleGroup secret_in_policy();     // RB805
RuleGroup insecure_issuer_url();  // RB806
// suppressions/
RuleGroup suppressions();  // RB901 to RB905

namespace {

using Groups = RuleGroup (*const)();

constexpr Groups kShape[] = {
    faults,           toml_syntax,           unknown_key,          wrong_type,
    policy_version,   duplicate_key_by_case, duplicate_definition, bad_include,
    policy_too_large, malformed_value,       missing_key};
constexpr Groups kReferences[] = {undefined_role,      undefined_scope, undefined_tool,
                                  undefined_org,       unknown_group,   inheritance_cycle,
                                  inheritance_too_deep};
constexpr Groups kPrivilege[] = {global_wildcard,     globs,         escalation_by_inheritance,
                                 policy_admin_grant,  admin_lockout, separation_of_duty,
                                 everyone_group_write};
// What the first two report in roles, the others take as removed.
constexpr Groups kReach[] = {duplicate_entry, redundant_inherited_scope, unreachable_role,
                             redundant_roles, entries_without_effect,    allow_deny_conflict};
constexpr Groups kOrgs[] = {grants_in_all_orgs, cross_org_grant, org_without_owner};
constexpr Groups kTime[] = {ttl_over_cap, ttl_missing_high_risk, grant_expiry,
                            permanent_break_glass};
constexpr Groups kNames[] = {bidi_or_invisible, confusable_name, near_duplicate_name,
                             unnormalised_name, opaque_group_id};
constexpr Groups kHygiene[] = {secret_in_policy, insecure_issuer_url, undocumented_grant, unsorted};
// These have no check: check_directives finds them once the other rules have run.
constexpr Groups kSuppressions[] = {suppressions};

constexpr Family kFamilies[] = {
    {"shape", kShape},
    {"references", kReferences},
    {"privilege", kPrivilege},
    {"reach", kReach},
    {"orgs", kOrgs},
    {"time", kTime},
    {"names", kNames},
    {"hygiene", kHygiene},
    {"suppressions", kSuppressions},
};

}  // namespace

std::span<const Family> families() {
  return kFamilies;
}

void check(const Family& family, Context& context, Findings& findings) {
  for (const auto group : family.groups) {
    if (const auto run = group().check; run != nullptr) run(context, findings);
  }
}

}  // namespace mcpauth::policy::lint
