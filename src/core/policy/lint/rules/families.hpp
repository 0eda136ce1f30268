#pragma once

#include <span>

#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

// Each family of rules is one file, rules_<family>.cpp: its part of the catalogue, and the function
// that adds what its rules find.

std::span<const Rule> shape_rules();         // RB0xx: as the faults of the reading tell
std::span<const Rule> references_rules();    // RB1xx: names that lead nowhere, beyond the faults
std::span<const Rule> privilege_rules();     // RB2xx: too much power
std::span<const Rule> reach_rules();         // RB3xx: what has no effect
std::span<const Rule> orgs_rules();          // RB4xx: organisations
std::span<const Rule> time_rules();          // RB5xx: lifetimes and expiry
std::span<const Rule> names_rules();         // RB6xx: names that deceive
std::span<const Rule> hygiene_rules();       // RB8xx: what does not belong in a policy
std::span<const Rule> suppressions_rules();  // RB9xx: comments that silence rules

void check_shape(const Subject& subject, Findings& findings);
void check_references(const Subject& subject, Findings& findings);
void check_privilege(const Subject& subject, Findings& findings);
void check_reach(const Subject& subject, Findings& findings);
void check_orgs(const Subject& subject, Findings& findings);
void check_time(const Subject& subject, Findings& findings);
void check_names(const Subject& subject, Findings& findings);
void check_hygiene(const Subject& subject, Findings& findings);

}  // namespace mcpauth::policy::lint
