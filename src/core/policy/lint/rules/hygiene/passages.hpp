#pragma once

#include <functional>

#include "core/policy/lint/rules/context.hpp"

namespace mcpauth::policy::lint {

/// A string or comment of one of the policy's files.
struct Passage {
  const policy::Source& source;
  const SourceText& text;
  std::size_t begin;
  std::string_view content;  ///< with its quotes, or its `#`
  bool is_sentence;          ///< for people: a comment, `description` or `reason`

  /// The place of a part of the content.
  Place place(std::size_t from, std::size_t length) const;
};

/// Visits every passage in the order of the files. Skips files that are too large to be read, which
/// is a fault of its own.
void each_passage(Context& context, const std::function<void(const Passage&)>& visit);

}  // namespace mcpauth::policy::lint
