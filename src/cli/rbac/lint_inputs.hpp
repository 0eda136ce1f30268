#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/policy/lint/finding/subject.hpp"
#include "core/policy/lint/inputs.hpp"
#include "core/policy/lint/lock.hpp"

namespace mcpauth::cli {

/// The files that a policy can be checked against.
struct LintInputFiles {
  std::vector<std::string> tools;  ///< --tools [SERVER=]FILE
  std::string groups;              ///< --groups FILE
  std::string lock;                ///< --lock FILE
};

/// Declares `--tools`.
void bind_tools(Spec& spec, std::vector<std::string>& target);

/// The tools in all these files. `hr=FILE` holds the answer of one server; `FILE` holds an object
/// with the answer of each server.
Result<policy::lint::ServerTools> read_tools(const std::vector<std::string>& given, Env& env);

/// The default lock file of a policy: rbac.lock in the same folder.
std::string lock_file_of(const std::string& policy_file);

/// Reads a lock file. Errc::not_found when it does not exist.
Result<policy::lint::Lock> read_lock_file(const std::string& file);

/// Reads the given files into the inputs. With tools, a single policy and no named lock, it reads
/// the policy's default lock file if that exists. `policy_files` are the policies to check.
Result<void> read_inputs(const LintInputFiles& files, const std::vector<std::string>& policy_files,
                         policy::lint::Inputs& inputs, Env& env);

}  // namespace mcpauth::cli
