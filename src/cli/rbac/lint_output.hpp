#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/policy/lint/fix/fix.hpp"
#include "core/policy/lint/format/formats.hpp"

namespace mcpauth::cli {

/// One `--format NAME[:FILE]`.
struct LintOutput {
  const policy::lint::Format* format = nullptr;
  std::optional<std::string> file = {};  ///< none: stdout
};

/// What `--format` asks for. At most one goes to stdout; when each goes to a file, text does too,
/// and under GitHub Actions, when none is asked for, its annotations follow the text.
Result<std::vector<LintOutput>> lint_outputs(const std::vector<std::string>& given, const Env& env);

/// Writes the document in each of them.
Result<void> write_outputs(const std::vector<LintOutput>& outputs,
                           const policy::lint::Document& document, Env& env);

/// What fixing would change, as a patch on stdout.
void print_patch(const policy::lint::Mended& mended, Env& env);

/// Writes the files that fixing changed, each whole or not at all and with the mode it has.
Result<void> write_mended(const policy::lint::Mended& mended);

/// On stderr, what was fixed and what was not, and why not.
void tell_repairs(const policy::lint::Mended& mended, bool were_written, Env& env);

}  // namespace mcpauth::cli
