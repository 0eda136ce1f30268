#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/policy/engine/load.hpp"
#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/lint.hpp"

namespace mcpauth::policy::lint {

/// The result of a run, ready to be written. All text in it may come from outside, so each writer
/// escapes what is unsafe in its format.
struct Document {
  /// The policies that were checked; none is null. Several may include the same file.
  std::span<const policy::Reading* const> readings = {};
  /// By file and position, each once. Suppressed and baselined findings are among them.
  std::span<const Finding> findings = {};
  Counts counts = {};
  std::span<const Note> notes = {};
  Instant now = {};
  std::string_view version = {};                       ///< of this program
  std::optional<std::chrono::milliseconds> took = {};  ///< in text formats only
  bool color = false;                                  ///< in text formats only
};

/// The text of a file of the document, or null.
const policy::Source* source_of(const Document& document, std::string_view file);

/// Whether a finding counts: it is neither suppressed nor in the baseline.
bool stands(const Finding& finding);

/// One format of a document. What it writes is a whole file: empty, or with a line break at its
/// end.
struct Format {
  std::string_view name;
  std::string (*write)(const Document& document);
};

/// Every format, in the order of the help text.
std::span<const Format> formats();
/// The format of this name, or null.
const Format* find_format(std::string_view name);

std::string write_text(const Document& document);     ///< for people, with the lines of the policy
std::string write_concise(const Document& document);  ///< file:line:column, one line each
std::string write_json(const Document& document);     ///< mcpauth.rbac.lint/1, one line
std::string write_sarif(const Document& document);    ///< SARIF 2.1.0
std::string write_github(const Document& document);   ///< workflow commands
std::string write_gitlab(const Document& document);   ///< code quality report
std::string write_junit(const Document& document);    ///< JUnit XML
std::string write_checkstyle(const Document& document);  ///< Checkstyle XML

}  // namespace mcpauth::policy::lint
