#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/policy/lint/fix/fix.hpp"
#include "core/policy/lint/format/formats.hpp"

namespace mcpauth::cli {

/// The value of one `--format NAME[:FILE]`.
struct LintOutput {
  const policy::lint::Format* format = nullptr;
  std::optional<std::string> file = {};  ///< absent: stdout
};

/// The outputs that the `--format` flags ask for. At most one goes to stdout. When all of them go
/// to files, or there are none, the findings are printed to stdout as well: as text, or as JSON
/// with
/// --json. Under GitHub Actions, without any --format, annotations follow the text.
Result<std::vector<LintOutput>> lint_outputs(const std::vector<std::string>& given, const Env& env);

/// Writes the document to each output.
Result<void> write_outputs(const std::vector<LintOutput>& outputs,
                           const policy::lint::Document& document, Env& env);

/// The same files before and after `rbac lint --fix` or `rbac fmt`.
struct Rewrite {
  policy::lint::Texts before = {};
  policy::lint::Texts after = {};
};

/// Prints the changes to stdout as a patch.
void print_patch(const Rewrite& rewrite, Env& env);

/// Writes the files that changed. Each is replaced as a whole and keeps its mode.
Result<void> write_changed(const Rewrite& rewrite);

/// Says on stderr what was fixed, what was not, and why not.
void print_fixes(const policy::lint::FixResult& result, bool were_written, Env& env);

}  // namespace mcpauth::cli
