#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy/lint/format/formats.hpp"

namespace mcpauth::policy::lint {

// What the formats for programs share.

/// The findings that stand.
std::vector<const Finding*> standing(const Document& document);

/// What a finding says, why and what to do, in one line that is safe to print.
std::string sentence(const Finding& finding);

/// A file as other programs want it: relative to where we are where it can be, with `/`, no `./`.
std::string relative_path(std::string_view file);

/// The same as a relative reference or, of an absolute path, as a file URL (RFC 3986).
std::string uri_of(std::string_view file);

/// 32 hex digits that are the same for the same text. Not for secrets: it is FNV-1a, twice.
std::string digest(std::string_view text);

}  // namespace mcpauth::policy::lint
