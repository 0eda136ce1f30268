#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// The text of each file, by name.
using Texts = std::map<std::string, std::string, std::less<>>;

/// Collects fixes that do not overlap and applies them to the texts at once. The texts must outlive
/// it.
class EditSet {
 public:
  explicit EditSet(const Texts& texts) : texts_(texts) {}

  /// Adds all edits of a fix, or none: false when one of them overlaps an edit that was added
  /// before, or is in a file without a text.
  bool add(const Fix& fix);
  /// The texts after all edits.
  Texts apply() const;

 private:
  struct Replacement {
    std::size_t end = 0;
    std::string text = {};
  };
  using Replacements = std::map<std::size_t, Replacement>;  // by the byte at which they begin

  const SourceText* text_of(const std::string& file);

  const Texts& texts_;
  std::map<std::string, std::unique_ptr<SourceText>> indexed_;
  std::map<std::string, Replacements> replacements_;
};

}  // namespace mcpauth::policy::lint
