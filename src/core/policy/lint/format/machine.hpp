#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy/lint/format/formats.hpp"

namespace mcpauth::policy::lint {

// What the machine-readable formats share.

/// The findings that count: see `stands`.
std::vector<const Finding*> standing(const Document& document);

/// The message of a finding, the reason and the hint, in one line that is safe to print.
std::string sentence(const Finding& finding);
/// The same, not escaped.
std::string plain_sentence(const Finding& finding);

/// The path of a file without `.` and `..` parts, with `/` between its parts.
std::string relative_path(std::string_view file);

/// The same path as a relative reference; an absolute one as a file URL (RFC 3986).
std::string uri_of(std::string_view file);

/// A non-cryptographic fingerprint of the text: 32 hex digits, from two passes of FNV-1a.
std::string fnv1a_fingerprint(std::string_view text);

}  // namespace mcpauth::policy::lint
