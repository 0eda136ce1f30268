#pragma once

#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/codec/json.hpp"
#include "core/policy/analysis/diff_over_time.hpp"

namespace mcpauth::cli {

/// What is compared with what, for a heading.
struct DiffNames {
  std::string before;
  std::string after;
};

void print_difference(const policy::analysis::DifferenceOverTime& difference,
                      const DiffNames& names, Env& env);
void print_difference_markdown(const policy::analysis::DifferenceOverTime& difference,
                               const DiffNames& names, Env& env);
void print_difference_json(const policy::analysis::DifferenceOverTime& difference,
                           const DiffNames& names, Env& env);

/// The changes of a difference as JSON: gains, losses, each with who and what.
json::Array changes_json(const policy::analysis::Difference& difference);

/// {"group":…,"org":…}, or with "any_other_org" and the orgs that it leaves out.
json::Object group_json(const policy::analysis::OrgGroup& group);

/// Who a change is about, one line, at most so many named and each escaped: "okta:A, okta:B in
/// acme".
std::string who_of(const policy::analysis::Change& change, std::size_t most);
/// The items of a change, in the same way.
std::string what_of(const policy::analysis::Difference& difference,
                    const policy::analysis::Change& change, std::size_t most);

}  // namespace mcpauth::cli
