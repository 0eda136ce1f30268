#pragma once

#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/codec/json.hpp"
#include "core/policy/analysis/diff_over_time.hpp"

namespace mcpauth::cli {

/// The names of the two policies, for a heading.
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

/// The changes of a difference as JSON: gains first, each with who and what.
json::Array changes_json(const policy::analysis::Difference& difference);

/// {"group":…,"org":…}, or with "any_other_org" and its exceptions in place of "org".
json::Object group_json(const policy::analysis::OrgGroup& group);

/// The groups of a change in one line, escaped: "okta:A, okta:B in acme". Names at most `most`
/// groups.
std::string who_of(const policy::analysis::Change& change, std::size_t most);
/// The items of a change, in the same form.
std::string what_of(const policy::analysis::Difference& difference,
                    const policy::analysis::Change& change, std::size_t most);

}  // namespace mcpauth::cli
