#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/policy/lint/finding/subject.hpp"
#include "core/policy/lint/inputs.hpp"
#include "core/policy/lint/lock.hpp"

namespace mcpauth::cli {

/// Files that a policy can be judged by besides itself.
struct LintInputFiles {
  std::vector<std::string> tools;  ///< --tools [SERVER=]FILE
  std::string groups;              ///< --groups FILE
  std::string lock;                ///< --lock FILE
};

/// Declares `--tools`.
void bind_tools(Spec& spec, std::vector<std::string>& target);

/// The tools of all these files; `hr=FILE` is the answer of one server, `FILE` has one for each.
Result<policy::lint::ServerTools> read_tools(const std::vector<std::string>& given, Env& env);

/// Where the lock of a policy stands unless said otherwise: rbac.lock in the policy's folder.
std::string lock_file_of(const std::string& policy_file);

/// The lock in this file. Errc::not_found where there is none.
Result<policy::lint::Lock> read_lock_file(const std::string& file);

/// Reads what is given into the inputs. Where tools are and no lock is named, that of the one
/// policy is taken if there is one; `policy_files` are those that are judged.
Result<void> read_inputs(const LintInputFiles& files, const std::vector<std::string>& policy_files,
                         policy::lint::Inputs& inputs, Env& env);

}  // namespace mcpauth::cli
