#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

// Programs whose output is read: the command of an `exec:` reference, and git.
namespace mcpauth::cli {

/// Splits a command into words at blanks. Single quotes keep everything. In double quotes and
/// outside of quotes a backslash keeps the next character. There are no variables and no patterns.
Result<std::vector<std::string>> split_command(std::string_view command);

/// Runs a program without a shell and returns what it prints. Its exit status must be 0. It is
/// ended after `timeout`, and when it prints more than `limit` bytes.
Result<Secret> run_program(const std::vector<std::string>& words, std::chrono::milliseconds timeout,
                           std::size_t limit);

}  // namespace mcpauth::cli
